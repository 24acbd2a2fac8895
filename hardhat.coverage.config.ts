import config from './hardhat.config.ts'

/** Instrumented code goes to a folder of its own: the artifacts of a normal build stay what they are. */
export default {
  ...config,
  paths: {
    ...config.paths,
    artifacts: './cache/coverage/artifacts',
    cache: './cache/coverage/cache',
  },
}
