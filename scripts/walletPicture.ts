import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { playSession } from '../test/system/browser/playSession.ts'
import { startWalletScene } from '../test/system/browser/walletScene.ts'

/** Writes the picture of the passkey wallet that the README shows: `pnpm wallet:picture`. */
const path = join(import.meta.dirname, '../docs/images/passkey-wallet.png')

const scene = await startWalletScene()
try {
  const wallet = await scene.open()
  await playSession(wallet)
  await mkdir(dirname(path), { recursive: true })
  await wallet.takePicture(path)
  console.log(`wrote ${path}`)
} finally {
  await scene.close()
}
