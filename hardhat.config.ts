import { createRequire } from 'node:module'
import hardhatViem from '@nomicfoundation/hardhat-viem'
import { defineConfig } from 'hardhat/config'
import { compileTests } from './scripts/tests/compileTests.ts'

const require = createRequire(import.meta.url)

/** npm's solc (WebAssembly): native compilers would be a download from outside the npm registry. */
const compiler = (runs: number) => ({
  version: '0.8.37',
  path: require.resolve('solc/soljson.js'),
  settings: {
    viaIR: true,
    evmVersion: 'cancun',
    optimizer: { enabled: true, runs },
    // The hash covers the remappings of the build, which depend on what else is compiled along: with
    // it, CREATE2 addresses would too.
    metadata: { bytecodeHash: 'none' },
  },
})

/**
 * Walks over deployed contracts read those from artifacts: only the walkers themselves are compiled, some thousand lines
 * that run for a minute. Without the optimizer's steps that takes half the time.
 */
const quick = {
  ...compiler(1),
  settings: {
    ...compiler(1).settings,
    optimizer: {
      enabled: true,
      runs: 1,
      details: { yul: true, yulDetails: { optimizerSteps: 'u:' } },
    },
  },
}
const quickly = ['Governance', 'Services', 'System'].map((walk) => `${walk}Invariants.t`)

/** A round of `pnpm invariants` brings its own seed; otherwise the same cases are tried every time. */
const seed = process.env.FABSTIR_FUZZ_SEED

/** Proofs that were made once with ezkl. */
const fsPermissions = { readFile: ['./test/fixtures/ezkl/proofs.json'] }

export default defineConfig({
  plugins: [hardhatViem, compileTests()],
  test: {
    solidity: {
      profiles: {
        // Invariants say in their source how long they run here: `hardhat-config: default.invariant.runs = 24`.
        default: { fsPermissions },
        // `pnpm mutants`: that something is wrong is enough, how few calls show it is not asked.
        mutants: { fsPermissions, invariant: { runs: 12, depth: 250, shrinkRunLimit: 0 } },
        // `pnpm invariants`; a directive without `default.` would hold here too.
        long: {
          fsPermissions,
          invariant: { runs: 120, depth: 250 },
          ...(seed === undefined ? {} : { fuzz: { seed } }),
        },
      },
    },
  },
  solidity: {
    compilers: [compiler(200)],
    splitTestsCompilation: true,
    overrides: Object.fromEntries(quickly.map((file) => [`contracts/system/${file}.sol`, quick])),
  },
  paths: {
    sources: [
      './contracts/account',
      './contracts/deployment',
      './contracts/governance',
      './contracts/interfaces',
      './contracts/marketplace',
      './contracts/migration',
      './contracts/models',
      './contracts/paymaster',
      './contracts/proof',
      './contracts/registry',
      './contracts/reputation',
      './contracts/system',
      './contracts/tokenomics',
      './contracts/tokens',
    ],
    // Test support: compiled with the tests only.
    tests: { solidity: './contracts/mocks' },
  },
})
