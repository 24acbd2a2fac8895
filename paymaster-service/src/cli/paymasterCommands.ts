import type { Command } from './command.ts'

/** Commands about paymasters and the keys that sign for them. */
export const paymasterCommands: readonly Command[] = [
  {
    words: 'paymaster list',
    summary: 'shows paymasters with their signers and deposits; with --url',
    arguments: [],
    options: {},
    operation: 'paymasters',
    input: () => ({}),
  },
  {
    words: 'paymaster rotate',
    summary: 'signs for a successor from now on, whose contract knows a live key; with --url',
    arguments: [
      { name: 'ENTRYPOINT', description: 'the EntryPoint of both' },
      { name: 'PAYMASTER', description: 'the SponsorPaymaster that takes over' },
    ],
    options: {},
    operation: 'rotatePaymaster',
    input: (written) => ({
      entryPoint: written.arguments.ENTRYPOINT,
      paymaster: written.arguments.PAYMASTER,
    }),
  },
  {
    words: 'signer revoke',
    summary: 'lets a signing key sign no more, for ever; the other live key goes on',
    arguments: [{ name: 'ADDRESS', description: "the key's address" }],
    options: {},
    operation: 'revokeSigner',
    input: (written) => ({ address: written.arguments.ADDRESS }),
  },
]
