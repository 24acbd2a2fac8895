import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import sparticuz, { inflate } from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'

/**
 * Chromium out of an npm package, unpacked into a folder of its own: a file that lies around in a shared folder may be
 * anybody's. `CHROMIUM` names another one, where the package has none for the machine (it is for Linux on x64).
 * @throws {ChromiumError} When the machine has no libraries for it; it says which.
 */
export async function launchChromium(): Promise<{ browser: Browser; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'fabstir-chromium-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    const { executablePath, env } = await unpack(folder)
    const browser = await chromium.launch({
      executablePath,
      env: { ...process.env, ...env },
      // Its sandbox needs rights that root in a container does not have.
      args: ['--no-sandbox', '--font-render-hinting=none'],
    })
    const close = async () => {
      await browser.close()
      await remove()
    }
    return { browser, close }
  } catch (error) {
    await remove()
    throw error
  }
}

type Unpacked = { executablePath: string; env: Record<string, string> }

async function unpack(folder: string): Promise<Unpacked> {
  const { CHROMIUM } = process.env
  if (CHROMIUM) return { executablePath: CHROMIUM, env: {} }
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new ChromiumError(
      `there is no Chromium for ${process.platform} on ${process.arch} in @sparticuz/chromium: set CHROMIUM to the path of one`,
    )
  return withTemporaryFolder(folder, async () => {
    const executablePath = await sparticuz.executablePath()
    const env = { FONTCONFIG_FILE: await writeFontConfig(folder), HOME: folder }
    if (missingLibraries(executablePath).length === 0) return { executablePath, env }
    // The package brings those of NSS along, for machines that have none.
    const libraries = join(await inflate(join(packageBin(), 'al2023.tar.br')), 'lib')
    const missing = missingLibraries(executablePath, libraries)
    if (missing.length > 0)
      throw new ChromiumError(
        `Chromium needs libraries that this machine does not have: ${missing.join(', ')}. On Debian: apt-get install libnss3 libexpat1`,
      )
    return { executablePath, env: { ...env, LD_LIBRARY_PATH: libraries } }
  })
}

/** The package unpacks to wherever temporary files go. */
async function withTemporaryFolder<result>(folder: string, action: () => Promise<result>) {
  const before = process.env.TMPDIR
  process.env.TMPDIR = folder
  try {
    return await action()
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
}

const packageBin = () =>
  join(dirname(new URL(import.meta.resolve('@sparticuz/chromium')).pathname), '../bin')

/** Names of shared libraries that the loader does not find. */
function missingLibraries(executable: string, libraries?: string): string[] {
  const env = libraries ? { ...process.env, LD_LIBRARY_PATH: libraries } : process.env
  return [...listLibraries(executable, env).matchAll(/^\s*(\S+) => not found/gm)].map(
    ([, name = '']) => name,
  )
}

function listLibraries(executable: string, env: NodeJS.ProcessEnv): string {
  try {
    return execFileSync('ldd', [executable], { env, encoding: 'utf8', stdio: 'pipe' })
  } catch {
    throw new ChromiumError(
      'Chromium needs glibc, which this machine does not seem to have: set CHROMIUM to the path of one that runs here',
    )
  }
}

/** The fonts of the package alone, so that the page looks the same everywhere. */
async function writeFontConfig(folder: string): Promise<string> {
  const file = join(folder, 'fonts.conf')
  const { fonts, cache } = { fonts: join(folder, 'fonts'), cache: join(folder, 'fonts-cache') }
  await writeFile(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${fonts}</dir><cachedir>${cache}</cachedir></fontconfig>`,
  )
  return file
}

/** There is no Chromium for the tests on this machine. */
class ChromiumError extends Error {
  override name = 'ChromiumError'
}
