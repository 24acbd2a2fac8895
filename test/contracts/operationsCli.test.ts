import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DeploymentFile, sponsorsOf } from '@fabstir/contracts/addressBook'
import { chainPreset, readArtifact } from '@fabstir/contracts/deploy'
import { type Address, createTestClient, http, publicActions } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installEntryPoints } from '../../devnet/src/entryPoints/installEntryPoints.ts'
import { devnetAccounts, privateKeyOf } from '../../devnet/src/keys.ts'
import { startAnvil } from '../../devnet/src/processes/anvil.ts'

const root = join(import.meta.dirname, '../..')
const baseSepolia = chainPreset('base-sepolia')
const { deployer, council, treasury, sponsorOperator, ...signers } = devnetAccounts

let folder: string
let anvil: Awaited<ReturnType<typeof startAnvil>>
let client: ReturnType<typeof clientOf>

const clientOf = (url: string) =>
  createTestClient({ mode: 'anvil', transport: http(url) }).extend(publicActions)

/** A local chain that says it is Base Sepolia, with EntryPoints and a USDC at its address there. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fabstir-operations-'))
  anvil = await startAnvil({ port: 0, chainId: baseSepolia.chainId })
  client = clientOf(anvil.url)
  await installEntryPoints({ rpcUrl: anvil.url })
})
afterAll(async () => {
  await anvil?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** Runs one of the command line programs. */
function command(
  name: 'deploy' | 'verify' | 'monitor' | 'migrate' | 'respond',
  args: readonly string[],
  env: Record<string, string> = { FABSTIR_DEPLOYER_PRIVATE_KEY: privateKeyOf(deployer) },
): Promise<{ code: number | null; output: string; errors: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`contracts/operations/${name}.ts`, ...args], {
      cwd: root,
      env: { PATH: process.env.PATH, ...env },
    })
    let [output, errors] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk
    })
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output, errors }))
  })
}

const deployArgs = () => [
  ...['--rpc-url', anvil.url, '--chain', 'base-sepolia', '--out', join(folder, '84532.json')],
  ...['--treasury', treasury.address, '--fab-holder', treasury.address],
  ...['--guardians', council.address, '--arbiter', council.address],
  ...['--resolvers', council.address, '--quote-signer', council.address],
  ...['--sponsor-operator', sponsorOperator.address, '--sponsor-signers'],
  `${signers.sponsorSigner.address},${signers.sponsorSpareSigner.address}`,
]
const sent = () => client.getTransactionCount({ address: deployer.address })

describe.each(['deploy', 'verify', 'monitor', 'migrate', 'respond'] as const)(
  'contracts:%s',
  (name) => {
    test('--help tells how it is called', async () => {
      const { code, output } = await command(name, ['--help'])
      expect({ code, output }).toMatchObject({ code: 0 })
      expect(output).toContain(`pnpm contracts:${name} --rpc-url URL`)
    })

    test('a wrong option is named, with exit code 2', async () => {
      const { code, errors } = await command(name, ['--rpc', 'x'])
      expect(code).toBe(2)
      expect(errors).toContain("'--rpc'")
    })
  },
)

describe('a deployment to Base Sepolia', () => {
  test('is refused before anything is sent while USDC is not there, or on another chain', async () => {
    const { code, errors } = await command('deploy', deployArgs())
    expect({ code, errors }).toMatchObject({ code: 1 })
    expect(errors).toContain('where USDC should be')
    const usdc = baseSepolia.usdc as Address
    const { deployedBytecode } = await readArtifact('TestUsdc')
    await client.setCode({ address: usdc, bytecode: deployedBytecode })

    const other = await command('deploy', [...deployArgs(), '--chain', 'base'])
    expect(other).toMatchObject({ code: 1 })
    expect(other.errors).toContain('the node is on chain 84532, the preset is for 8453')
    expect(await sent()).toBe(0)
  })

  test('needs a key from the environment, never a default one', async () => {
    const { code, errors } = await command('deploy', deployArgs(), {})
    expect(code).toBe(2)
    expect(errors).toContain('FABSTIR_DEPLOYER_PRIVATE_KEY is not set')
  })

  test('is shown by --dry-run, which sends nothing and names the same addresses', async () => {
    const dry = await command('deploy', [...deployArgs(), '--dry-run'])
    expect(dry).toMatchObject({ code: 0 })
    expect(dry.output).toContain('nothing was sent')
    expect(await sent()).toBe(0)
    expect(await readdir(folder)).toEqual([])

    const real = await command('deploy', deployArgs())
    expect(real).toMatchObject({ code: 0 })
    const addressesIn = (text: string) => text.match(/0x[0-9a-fA-F]{40}/g)
    expect(addressesIn(real.output)).toEqual(addressesIn(dry.output))
  })

  test('is written down with blocks, code hashes and arguments', async () => {
    const file = JSON.parse(await readFile(join(folder, '84532.json'), 'utf8')) as DeploymentFile
    expect(file.addressBook).toMatchObject({ chainId: 84_532, usdc: baseSepolia.usdc })
    const market = file.contracts.find(({ name }) => name === 'JobMarketplace')
    expect(market).toMatchObject({
      address: file.addressBook.marketplace,
      codeHash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      proxy: { initializerArgs: expect.arrayContaining([file.addressBook.timelock]) },
    })
    expect(Number(market?.block)).toBeGreaterThan(0)
    const sponsors = sponsorsOf(file.addressBook).map(
      ({ sponsorPaymaster }) =>
        file.contracts.find((one) => one.address === sponsorPaymaster)?.label,
    )
    expect(sponsors).toEqual([
      'SponsorPaymaster 0.8',
      'ParallelSponsorPaymaster 0.9',
      'SponsorPaymaster 0.7',
    ])
  })

  test('sends nothing the second time, and finds the blocks when the file is lost', async () => {
    const [before, path] = [await sent(), join(folder, '84532.json')]
    const file = await readFile(path, 'utf8')
    await rm(path)
    const again = await command('deploy', deployArgs())
    expect(again).toMatchObject({ code: 0 })
    expect(again.output).not.toContain('deployed')
    expect(await sent()).toBe(before)
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(JSON.parse(file))
  })

  test('verifies with exit code 0, and 1 when the file says something else', async () => {
    const path = join(folder, '84532.json')
    const good = await command('verify', ['--rpc-url', anvil.url, '--deployment', path])
    expect(good, good.errors).toMatchObject({ code: 0 })
    expect(good.output).toContain(', 0 differ')

    const file = JSON.parse(await readFile(path, 'utf8')) as DeploymentFile
    const bad = join(folder, 'bad.json')
    await writeFile(bad, JSON.stringify({ ...file, governance: deployer.address }))
    const found = await command('verify', [
      '--rpc-url',
      anvil.url,
      '--deployment',
      bad,
      '--failures',
    ])
    expect(found).toMatchObject({ code: 1 })
    expect(found.output).toMatch(/DIFFERS +Timelock +PROPOSER_ROLE/)
  })
  test('answers an incident in steps, and is back to normal after an hour', async () => {
    const where = ['--rpc-url', anvil.url, '--deployment', join(folder, '84532.json')]
    const key = { FABSTIR_GUARDIAN_PRIVATE_KEY: privateKeyOf(council) }
    const respond = (...args: string[]) => command('respond', [...where, ...args], key)
    const calm = await command('respond', where, {})
    expect(calm).toMatchObject({ code: 0 })
    expect(calm.output).toContain('level 0: normal')

    expect(await respond('--level', '2', '--functions', 'settleSession')).toMatchObject({ code: 2 })
    const dry = await respond('--level', '1', '--dry-run')
    expect(dry.output).toContain('would set the breaker to level 1\nlevel 0: normal')
    expect((await respond('--level', '1')).output).toContain('level 1 until')
    const two = await respond('--level', '2', '--functions', 'claimJob')
    expect(two.output).toContain('closed: claimJob\n')
    const three = await respond('--level', '3', '--reason', 'drill')
    expect(three.output).toContain('closed: postJob, claimJob, createSession, registerNode')

    const early = await respond('--level', '0')
    expect(early).toMatchObject({ code: 1 })
    expect(early.errors).toContain('BreakerCooldown')
    await client.increaseTime({ seconds: 3_600 })
    await client.mine({ blocks: 1 })
    const over = await respond('--level', '0')
    expect(over).toMatchObject({ code: 0 })
    expect(over.output).toContain('level 0: normal')
  })

  test('exports its hosts, for a deployment whose helper may import them', async () => {
    const file = join(folder, 'hosts.json')
    const from = ['--rpc-url', anvil.url, '--deployment', join(folder, '84532.json')]
    const exported = await command('migrate', [...from, '--export', file])
    expect(exported).toMatchObject({ code: 0 })
    expect(exported.output).toContain('0 hosts, 0 FAB, 0 points')

    const migrating = [...deployArgs(), '--dry-run', '--migrate', file]
    const undated = await command('deploy', migrating)
    expect(undated).toMatchObject({ code: 2 })
    expect(undated.errors).toContain('--migration-closes is missing')
    const dated = await command('deploy', [...migrating, '--migration-closes', '2030-01-01T00:00Z'])
    expect(dated).toMatchObject({ code: 0 })
    expect(dated.output).toMatch(/^MigrationHelper +0x[0-9a-fA-F]{40} +would be deployed$/m)
  })
})
