#!/usr/bin/env node
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createPublicClient, http } from 'viem'
import type { DeploymentFile } from '../addressBook.ts'
import {
  type CodeName,
  chainPreset,
  deploymentPath,
  readArtifact,
  readDeploymentFile,
} from '../deploy/index.ts'
import { readOptions, required, urlOption } from './cli/options.ts'
import { CommandLineError, runCommand } from './cli/runCommand.ts'
import { renderTable } from './cli/table.ts'
import { standardJsonOf } from './verify/standardJson.ts'
import { verifyDeployment } from './verify/verifyDeployment.ts'

const helpText = `Checks a live deployment against its file and this build of the sources: code of every contract
(immutables by the address they lead to), owners, roles, wiring and constants. Reads only.

Usage: pnpm contracts:verify --rpc-url URL --chain CHAIN [options]

  --rpc-url URL                   JSON-RPC of a node of the chain
  --chain CHAIN                   local, base-sepolia or base: reads deployments/<chainId>.json
  --deployment FILE               instead of --chain
  --failures                      print only what differs
  --export-standard-json FOLDER   also write the compiler's input for block explorers, one file for each contract
  --help                          this text

Exit code 0 when everything agrees, 1 when something differs.
`

await runCommand('contracts:verify', async (args) => {
  const options = readOptions(args, {
    'rpc-url': { type: 'string' },
    chain: { type: 'string' },
    deployment: { type: 'string' },
    failures: { type: 'boolean', default: false },
    'export-standard-json': { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  })
  if (options.help) {
    process.stdout.write(helpText)
    return 0
  }
  const path =
    options.deployment ?? deploymentPath(chainPreset(required('chain', options.chain)).chainId)
  const deployment = await readDeploymentFile(path)
  if (!deployment) throw new CommandLineError(`there is no file ${path}`)
  const publicClient = createPublicClient({
    transport: http(urlOption('rpc-url', options['rpc-url'])),
  })

  const checks = await verifyDeployment({ publicClient, deployment, readArtifact })
  const failures = checks.filter(({ ok }) => !ok)
  console.log(
    renderTable([
      ['', 'contract', 'check', 'expected', 'found'],
      ...(options.failures ? failures : checks).map((one) => [
        one.ok ? 'ok' : 'DIFFERS',
        one.subject,
        one.name,
        one.expected,
        one.ok ? '' : one.found,
      ]),
    ]),
  )
  console.log(`\n${checks.length} checks, ${failures.length} differ`)

  const folder = options['export-standard-json']
  if (folder !== undefined) await exportStandardJson(folder, deployment)
  return failures.length === 0 ? 0 : 1
})

async function exportStandardJson(folder: string, { contracts }: DeploymentFile): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const name of new Set([...contracts.map((contract) => contract.name), 'FabstirProxy'])) {
    const artifact = await readArtifact(name as CodeName)
    const { compiler, input } = await standardJsonOf(artifact)
    const file = join(folder, `${name}.json`)
    await writeFile(file, `${JSON.stringify(input, null, 2)}\n`)
    console.log(`${file}: ${artifact.inputSourceName}:${name}, compiler ${compiler}`)
  }
}
