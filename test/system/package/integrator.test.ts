import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { type Devnet, startDevnet } from '@fabstir/devnet'
import { devnet as devnetChain } from '@fabstir/sdk/chains'
import { build } from 'esbuild'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { apiKeys } from '../../../devnet/src/apps.ts'
import { readEntry } from '../../../sdk/scripts/reference/declarations.ts'
import { readExports, referencePages } from '../../../sdk/scripts/reference/referencePages.ts'
import { readCodeBlocks } from './codeBlocks.ts'
import { exampleProgram } from './exampleProgram.ts'
import { readGuide } from './guide.ts'
import {
  createPackedProject,
  type PackageName,
  type PackedProject,
  packageNames,
  root,
} from './packedProject.ts'

let devnet: Devnet
let project: PackedProject

beforeAll(async () => {
  ;[devnet, project] = await Promise.all([startDevnet(), createPackedProject()])
}, 240_000)
afterAll(async () => {
  await devnet?.close()
  await project?.remove()
})

const urls = () => ({
  RPC: devnet.rpcUrl,
  BUNDLER: devnet.bundlerUrl,
  SPONSOR: `${devnet.paymasterUrl}/?apikey=${apiKeys.demo}`,
})

/** Entries of the SDK whose peers are not installed here, or that are for Node. */
const withOptionalPeers: readonly string[] = [
  './wagmi',
  './ethers',
  './react',
  './content/file',
  './content/helia',
]

/** What the workspace uses and nobody else gets. */
const unpublished: Readonly<Record<PackageName, readonly string[]>> = {
  contracts: ['./deploy', './forms'],
  sdk: [],
}

const quickStart = () => {
  const block = readCodeBlocks('sdk/README.md').find(({ label }) => label === 'quickstart.ts')
  if (!block) throw new Error('sdk/README.md has no block quickstart.ts')
  return block.code
}

describe.each(packageNames)('the package %s', (name) => {
  const readTarball = async () => new Uint8Array(await readFile(project.tarballs[name]))

  test('is what publint would publish', async () => {
    const { buffer } = await readTarball()
    const { messages, pkg } = await publint({
      pack: { tarball: buffer as ArrayBuffer },
      strict: true,
    })
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([])
  })

  test('has the types that its code has, for every way to import ES modules', async () => {
    const checked = await checkPackage(createPackageFromTarballData(await readTarball()))
    if (!checked.types) throw new Error('the package has no types')
    // ES modules only (decision 85): `require` of Node 20.19 loads them, older tools do not.
    const esModules = checked.problems.filter(
      (problem) =>
        !('resolutionKind' in problem) ||
        !['node10', 'node16-cjs'].includes(problem.resolutionKind),
    )
    expect(esModules).toEqual([])
  })

  test('exports what the workspace does, built, with types first', async () => {
    const { exports, publishConfig } = JSON.parse(
      await readFile(join(root, name, 'package.json'), 'utf8'),
    )
    const shared = Object.entries<string>(exports).filter(
      ([path]) => !unpublished[name].includes(path),
    )
    const built = shared.map(([path, source]) => {
      const file = source.replace(/^\.\/(src\/)?(.*)\.ts$/, './dist/$2')
      return [
        path,
        [
          ['types', `${file}.d.ts`],
          ['default', `${file}.js`],
        ],
      ]
    })
    const { './package.json': _, ...published } = publishConfig.exports
    expect(
      Object.entries<Record<string, string>>(published).map(([path, to]) => [
        path,
        Object.entries(to),
      ]),
    ).toEqual(built)
  })
})

describe('the quick start of the README', () => {
  test('is the same in the README of the repository', () => {
    expect(readCodeBlocks('README.md').map(({ code }) => code)).toContain(quickStart())
  })

  test('runs in an empty project with the packed packages', async () => {
    await writeFile(join(project.folder, 'quickstart.ts'), quickStart())
    const printed = await project.run(process.execPath, ['quickstart.ts'], urls())
    expect(printed).toMatch(
      /^posted \[ \d+n, \d+n \]\nposted by the app \d+n\nleft for the app revoked\n$/,
    )
  })
})

describe('the guide', () => {
  const guide = readGuide('docs/sdk.md')

  test('runs from top to bottom and prints what it says', async () => {
    await writeFile(join(project.folder, 'guide.ts'), guide.program)
    const printed = await project.run(process.execPath, ['guide.ts'], urls())
    expect(printed.trim().split('\n')).toEqual(guide.prints)
  })
})

describe('the reference', () => {
  const declarations = () => join(project.folder, 'node_modules/@fabstir/sdk/dist')

  test('is what `pnpm sdk:docs` writes', async () => {
    const folder = join(root, 'docs/reference')
    const pages = referencePages(declarations())
    expect((await readdir(folder)).toSorted()).toEqual([...pages.keys()].toSorted())
    for (const [file, text] of pages) expect(await readFile(join(folder, file), 'utf8')).toBe(text)
  })

  test('explains every function and class, and shows each function in use', () => {
    const exports = readExports(declarations())
    const names = new Set(exports.map(({ name }) => name))
    const values = exports.filter(({ kind }) => kind !== 'type')
    expect(values.filter(({ comment }) => comment.summary === '')).toEqual([])
    const unshown = values.filter(
      ({ name, kind, comment }) =>
        kind !== 'class' &&
        comment.examples.length === 0 &&
        !(name.endsWith('Sync') && names.has(name.slice(0, -'Sync'.length))),
    )
    expect(unshown.map(({ name }) => name)).toEqual([])
  })

  test('has examples that compile, as do quick start, guide and the other pages', async () => {
    const examples = exampleProgram({
      '@fabstir/sdk': readEntry(declarations(), 'index.d.ts'),
      '@fabstir/sdk/provider': readEntry(declarations(), 'provider/index.d.ts'),
    })
    const contracts = readGuide('contracts/README.md').program
    await writeFile(join(project.folder, 'examples.ts'), examples)
    await writeFile(join(project.folder, 'contracts.ts'), contracts)
    await typecheck(['examples.ts', 'contracts.ts', 'quickstart.ts', 'guide.ts'])
  })
})

describe('without Node', () => {
  const bundle = async (code: string, define: Record<string, string> = {}) => {
    const outfile = join(project.folder, 'bundle.mjs')
    // For browsers, esbuild knows no module of Node.
    await build({
      stdin: { contents: code, resolveDir: project.folder, loader: 'ts' },
      ...{ bundle: true, minify: true, format: 'esm', target: 'es2022', platform: 'browser' },
      ...{ outfile, define, logLevel: 'silent' },
    })
    return outfile
  }

  test('everything that needs no optional peer bundles for browsers', async () => {
    const { exports } = JSON.parse(await readFile(join(root, 'sdk/package.json'), 'utf8'))
    const all = Object.keys(exports)
      .filter((path) => !withOptionalPeers.includes(path))
      .map((path, index) => `export * as entry${index} from '${join('@fabstir/sdk', path)}'`)
    await bundle(all.join('\n'))
  })

  test('the quick start runs in a context without DOM and Node', async () => {
    const file = await bundle(quickStart(), { 'process.env': JSON.stringify(urls()) })
    const runner = join(import.meta.dirname, 'runInBareContext.ts')
    const printed = await project.run(process.execPath, ['--experimental-vm-modules', runner, file])
    expect(printed).toMatch(/left for the app revoked\n$/)
  })
})

test('the chain of the SDK is the devnet', () => {
  // Written by `node scripts/devnetContracts.ts` when contracts were changed.
  expect(devnetChain.custom.fabstir).toEqual(devnet.contracts)
})

/** By the compiler of the repository, strictly, with the declarations of the packages checked too. */
async function typecheck(files: readonly string[]) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const types = join(root, 'node_modules/@types')
  const options = ['--module', 'nodenext', '--target', 'es2022', '--strict', '--noEmit']
  await project.run(process.execPath, [
    tsc,
    ...[...options, '--types', 'node', '--typeRoots', types],
    ...files,
  ])
}
