import { globSync } from 'node:fs'
import { relative } from 'node:path'
import type { HardhatPlugin } from 'hardhat/types/plugins'

/** Of a path below the root, or of a source's name in the compiler's input: tests and what only they use. */
const isTest = (name: string) => /\.t\.sol$|(^|\/)contracts\/mocks\/.*\.sol$/.test(name)

/** Mocks that tests deploy by name, as they do with the contracts. */
const deployedMocks = 'contracts/mocks/deployed/'

/**
 * Compiles Solidity tests apart from the contracts: with the older code generator and no optimizer, a tenth of the time.
 * Tests deploy contracts by the names of artifacts (`deployCode`), so what they test is the code as it is deployed.
 */
export function compileTests(): HardhatPlugin {
  return {
    id: 'fabstir-compile-tests',
    hookHandlers: {
      config: async () => ({
        default: async () => ({
          async resolveUserConfig(user, resolveVariable, next) {
            const config = await next(user, resolveVariable)
            for (const profile of Object.values(config.solidity.profiles)) {
              const [compiler] = profile.compilers
              if (compiler === undefined) continue
              // One object for all: Hardhat compiles together what has the same configuration.
              const forTests = {
                ...compiler,
                settings: { ...compiler.settings, viaIR: false, optimizer: { enabled: false } },
              }
              for (const path of globSync('contracts/**/*.sol', { cwd: config.paths.root })) {
                const name = path.replaceAll('\\', '/')
                if (isTest(name)) profile.overrides[name] ??= forTests
              }
            }
            return config
          },
        }),
      }),
      solidity: async () => ({
        default: async () => ({
          /** A single test, too, comes with the mocks that it deploys. */
          async build(context, files, options, next) {
            if (options?.scope !== 'tests') return next(context, files, options)
            const all = await context.solidity.getRootFilePaths({ scope: 'tests' })
            const { root } = context.config.paths
            const deployed = all.filter((file) =>
              relative(root, file).replaceAll('\\', '/').startsWith(deployedMocks),
            )
            return next(context, [...new Set([...files, ...deployed])], options)
          },
          /**
           * Contracts that a test only names are not compiled along with it. They would be if so much as the syntax tree
           * of their source was asked for.
           */
          preprocessSolcInputBeforeBuilding(context, input, next) {
            const tests = Object.keys(input.sources).filter(isTest)
            const ofAll = input.settings.outputSelection['*']
            if (tests.length === 0 || ofAll === undefined) return next(context, input)
            const outputSelection = Object.fromEntries(tests.map((name) => [name, ofAll]))
            return next(context, { ...input, settings: { ...input.settings, outputSelection } })
          },
          /** What a contract is warned of is said where it is compiled. */
          getCompilationJobErrors(context, job, output, next) {
            const roots = [...job.dependencyGraph.getRoots().keys()]
            if (!roots.some(isTest)) return next(context, job, output)
            const errors = (output.errors ?? []).filter(
              ({ severity, formattedMessage = '' }) =>
                severity === 'error' || isTest(/--> (.+?):\d/.exec(formattedMessage)?.[1] ?? ''),
            )
            return next(context, job, { ...output, errors })
          },
        }),
      }),
    },
  }
}
