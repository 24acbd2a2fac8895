import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(import.meta.url)

/** A contract of `contracts/` that runs by state override, and where its code is generated to. */
export type GeneratedContract = { name: string; file: string }

const source = (path: string) => join(import.meta.dirname, '../src', path)

/** All of them. */
export const generatedContracts: readonly GeneratedContract[] = [
  { name: 'BundleDriver', file: source('bundling/generated/bundleDriver.ts') },
  { name: 'GasSearch', file: source('estimation/generated/gasSearch.ts') },
  { name: 'ValidationDriver', file: source('simulation/generated/validationDriver.ts') },
]

type SolcOutput = {
  errors?: { formattedMessage: string }[]
  contracts?: Record<
    string,
    Record<string, { abi: unknown; evm: { deployedBytecode: { object: string } } }>
  >
}

/**
 * The text of the generated file: ABI and runtime code, compiled with npm's solc.
 * @throws Error with the compiler's messages.
 */
export async function compileContract({ name }: GeneratedContract): Promise<string> {
  const solc = require('solc') as { compile(input: string): string }
  const input = {
    language: 'Solidity',
    sources: await sourcesOf(`${name}.sol`),
    settings: {
      viaIR: true,
      // Runs on chains before Shanghai, too.
      evmVersion: 'paris',
      optimizer: { enabled: true, runs: 200 },
      metadata: { bytecodeHash: 'none', appendCBOR: false },
      outputSelection: { '*': { '*': ['abi', 'evm.deployedBytecode.object'] } },
    },
  }
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as SolcOutput
  const messages = (output.errors ?? []).map(({ formattedMessage }) => formattedMessage)
  const contract = output.contracts?.[`${name}.sol`]?.[name]
  if (messages.length > 0 || !contract) throw new Error(messages.join('\n'))
  const constant = `${name.charAt(0).toLowerCase()}${name.slice(1)}`
  return [
    `export const ${constant}Abi = ${JSON.stringify(contract.abi, null, 2)} as const\n`,
    `export const ${constant}Code = '0x${contract.evm.deployedBytecode.object}' as const\n`,
  ].join('\n')
}

/** A file of `contracts/` with all that it imports from beside it. */
async function sourcesOf(file: string): Promise<Record<string, { content: string }>> {
  const content = await readFile(join(import.meta.dirname, '../contracts', file), 'utf8')
  const imported = [...content.matchAll(/^import .*"\.\/(.+)";$/gm)].map(([, name = '']) => name)
  const sources = await Promise.all(imported.map(sourcesOf))
  return Object.assign({ [file]: { content } }, ...sources)
}
