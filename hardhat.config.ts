import { createRequire } from 'node:module'
import hardhatViem from '@nomicfoundation/hardhat-viem'
import { defineConfig } from 'hardhat/config'

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

export default defineConfig({
  plugins: [hardhatViem],
  solidity: { compilers: [compiler(200)] },
  paths: {
    sources: [
      './contracts/account',
      './contracts/deployment',
      './contracts/interfaces',
      './contracts/marketplace',
      './contracts/paymaster',
      './contracts/registry',
      './contracts/tokens',
    ],
    // Test support: compiled with the tests only.
    tests: { solidity: './contracts/mocks' },
  },
})
