import { defineConfig } from 'vitest/config'

/** Starts nothing until a test asks for a database. */
const postgres = './paymaster-service/src/testing/postgresServer.ts'

/** On devnets as well, in the other lane. */
const systemSdk = 'test/system/sdk/**/*.test.ts'

const onDevnet = {
  testTimeout: 120_000,
  hookTimeout: 180_000,
  // Each file starts a whole devnet; a core carries one at a time.
  fileParallelism: false,
}

export default defineConfig({
  test: {
    // `isolate: false`: files of a project share modules and run one after another, so that viem and fastify are loaded
    // once (decision 79). What a file changes outside of itself it puts back.
    projects: [
      {
        test: {
          name: 'unit',
          isolate: false,
          // Databases answer late while the other core compiles.
          testTimeout: 20_000,
          globalSetup: postgres,
          include: [
            '{contracts,scripts,erc4337,sqlite,service,bundler,paymaster-service,sdk,devnet,bench}/**/*.test.ts',
          ],
        },
      },
      {
        test: {
          name: 'contracts',
          isolate: false,
          include: ['test/contracts/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'system',
          isolate: false,
          globalSetup: postgres,
          include: ['test/{rules,system}/**/*.test.ts'],
          exclude: [systemSdk],
          ...onDevnet,
        },
      },
      { test: { name: 'system-sdk', isolate: false, include: [systemSdk], ...onDevnet } },
    ],
  },
})
