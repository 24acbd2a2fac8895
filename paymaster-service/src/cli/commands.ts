import type { Command, Written } from './command.ts'
import { CommandLineError } from './command.ts'
import { paymasterCommands } from './paymasterCommands.ts'
import { duration, readJson } from './values.ts'

const policyOption = {
  value: 'ID',
  multiple: true,
  description: 'policy that may pay; the first that agrees does (again for more)',
}

/** Commands of administration, in the order of the help. */
export const commands: readonly Command[] = [
  {
    words: 'app create',
    summary: 'makes an app, which pays for its users by its policies',
    arguments: [{ name: 'NAME', description: 'letters, digits, "_", "." and "-"' }],
    options: { policy: policyOption },
    operation: 'createApp',
    input: (written) => ({
      name: written.arguments.NAME,
      policies: required(written, 'app create', 'policy'),
    }),
  },
  {
    words: 'app change',
    summary: 'changes the policies of an app, or whether it may ask at all',
    arguments: [{ name: 'NAME', description: 'the app' }],
    options: {
      policy: policyOption,
      disable: { description: 'refuses all its keys, at once' },
      enable: { description: 'takes its keys again' },
    },
    operation: 'changeApp',
    input: (written) => ({
      name: written.arguments.NAME,
      policies: written.list('policy'),
      disabled: written.has('disable') ? true : written.has('enable') ? false : undefined,
    }),
  },
  {
    words: 'app list',
    summary: 'lists the apps',
    arguments: [],
    options: {},
    operation: 'apps',
    input: () => ({}),
  },
  {
    words: 'key issue',
    summary: 'issues a key of an app and shows it, this once',
    arguments: [{ name: 'APP', description: 'name of the app' }],
    options: {
      label: { value: 'TEXT', description: 'what the key is for' },
      policy: { ...policyOption, description: "policy of the app's that the key may use" },
      method: { value: 'NAME', multiple: true, description: 'JSON-RPC method that it may call' },
      origin: { value: 'ORIGIN', multiple: true, description: 'page it may be used from' },
      rate: { value: 'N/SECONDS', description: 'requests in any so many seconds, like 600/60' },
      'expires-in': { value: 'TIME', description: 'end of the key from now, like 90d, 12h or 30m' },
      'expires-at': { value: 'SECONDS', description: 'end of the key, Unix seconds' },
    },
    operation: 'issueKey',
    input: keyInput,
  },
  {
    words: 'key revoke',
    summary: 'revokes a key, at once and for ever',
    arguments: [{ name: 'ID', description: 'the 16 digits between "fpk_" and "_" in the key' }],
    options: {},
    operation: 'revokeKey',
    input: (written) => ({ id: written.arguments.ID }),
  },
  {
    words: 'key list',
    summary: 'lists keys, without what is secret',
    arguments: [],
    options: { app: { value: 'NAME', description: 'only those of this app' } },
    operation: 'keys',
    input: (written) => ({ app: written.text('app') }),
  },
  {
    words: 'policy validate',
    summary: 'checks a policy document and shows version and hash that it would have',
    arguments: [{ name: 'FILE', description: 'JSON document' }],
    options: {},
    operation: 'validatePolicy',
    input: documentInput,
  },
  {
    words: 'policy dry-run',
    summary: 'asks what policies say to an operation, without spending',
    arguments: [
      { name: 'FILE', description: 'a document that need not be applied', optional: true },
    ],
    options: {
      policy: { ...policyOption, description: 'a policy in force, in place of FILE' },
      operation: { value: 'FILE', description: 'a UserOperation as JSON-RPC has it' },
      'entry-point': { value: 'ADDRESS', description: 'the EntryPoint it is for' },
      origin: { value: 'ORIGIN', description: 'page that it would be asked from' },
    },
    operation: 'dryRunPolicy',
    input(written) {
      const { FILE } = written.arguments
      const operation = written.text('operation')
      if (operation === undefined)
        throw new CommandLineError('policy dry-run', 'expected --operation FILE')
      return {
        document: FILE === undefined ? undefined : readJson(FILE),
        policies: written.list('policy'),
        userOperation: readJson(operation),
        entryPoint: written.text('entry-point'),
        origin: written.text('origin'),
      }
    },
  },
  {
    words: 'policy apply',
    summary: 'puts a policy document in force, as its next version',
    arguments: [{ name: 'FILE', description: 'JSON document' }],
    options: {},
    operation: 'applyPolicy',
    input: documentInput,
  },
  {
    words: 'policy list',
    summary: 'lists the policies in force',
    arguments: [],
    options: {},
    operation: 'policies',
    input: () => ({}),
  },
  {
    words: 'policy show',
    summary: 'shows a policy, in force or as it was',
    arguments: [{ name: 'ID', description: 'the policy' }],
    options: { version: { value: 'N', description: 'another version than the one in force' } },
    operation: 'policy',
    input: (written) => ({ id: written.arguments.ID, version: written.text('version') }),
    print: (answer) => JSON.stringify(answer, null, 2),
  },
  {
    words: 'usage',
    summary: 'shows what was paid',
    arguments: [],
    options: {
      by: {
        value: 'LIST',
        description: 'policy, user, selector, day, app, key: one or more, with commas',
      },
      from: { value: 'DAY', description: 'first day, like 2026-11-01 (UTC)' },
      to: { value: 'DAY', description: 'last day' },
      policy: { value: 'ID', description: 'only this policy' },
      app: { value: 'NAME', description: 'only this app' },
      user: { value: 'ADDRESS', description: 'only this sender' },
      selector: { value: '0x…', description: 'only operations that call it' },
      limit: { value: 'N', description: 'most lines' },
    },
    operation: 'usage',
    input: (written) =>
      Object.fromEntries(
        ['by', 'from', 'to', 'policy', 'app', 'user', 'selector', 'limit'].map((name) => [
          name,
          written.text(name),
        ]),
      ),
  },
  {
    words: 'audit verify',
    summary:
      'checks that no entry of the audit log was changed, taken out or put in, and that the store is what it says',
    arguments: [],
    options: {
      anchor: {
        value: 'SEQ:HASH',
        multiple: true,
        description: 'the last entry as it was written down elsewhere: shows that none are cut off',
      },
    },
    operation: 'verifyAuditLog',
    input: (written) => ({ anchor: written.list('anchor') }),
    print: verdictText,
    failed: (answer) => !isWhole(answer),
  },
  {
    words: 'audit list',
    summary: 'lists changes, oldest first',
    arguments: [],
    options: {
      after: { value: 'SEQ', description: 'only entries after this one' },
      limit: { value: 'N', description: 'most entries' },
    },
    operation: 'audit',
    input: (written) => ({ after: written.text('after'), limit: written.text('limit') }),
  },
  {
    words: 'webhook create',
    summary: 'has events posted to a URL and shows the secret they are signed with, this once',
    arguments: [{ name: 'URL', description: 'https, on the public internet' }],
    options: {
      event: { value: 'TYPE', multiple: true, description: 'like sponsorship.settled' },
      app: { value: 'NAME', description: 'only events of this app' },
    },
    operation: 'createWebhook',
    input: (written) => ({
      url: written.arguments.URL,
      events: required(written, 'webhook create', 'event'),
      app: written.text('app'),
    }),
  },
  {
    words: 'webhook list',
    summary: 'lists the webhooks',
    arguments: [],
    options: {},
    operation: 'webhooks',
    input: () => ({}),
  },
  {
    words: 'webhook deliveries',
    summary: 'shows the delivery log of a webhook, newest first',
    arguments: [{ name: 'ID', description: 'the webhook' }],
    options: { limit: { value: 'N', description: 'most deliveries' } },
    operation: 'deliveries',
    input: (written) => ({ id: written.arguments.ID, limit: written.text('limit') }),
  },
  {
    words: 'webhook delete',
    summary: 'deletes a webhook and what was still to be posted to it',
    arguments: [{ name: 'ID', description: 'the webhook' }],
    options: {},
    operation: 'removeWebhook',
    input: (written) => ({ id: written.arguments.ID }),
  },
  ...paymasterCommands,
]

function required(written: Written, words: string, option: string): string[] {
  const list = written.list(option)
  if (!list) throw new CommandLineError(words, `expected --${option}, once or more`)
  return list
}

function documentInput(written: Written) {
  return { document: readJson(written.arguments.FILE ?? '') }
}

function keyInput(written: Written) {
  const rate = written.text('rate')
  const [at, after] = [written.text('expires-at'), written.text('expires-in')]
  if (at !== undefined && after !== undefined)
    throw new CommandLineError('key issue', 'expected one of --expires-at and --expires-in')
  return {
    app: written.arguments.APP,
    label: written.text('label'),
    policies: written.list('policy'),
    methods: written.list('method'),
    origins: written.list('origin'),
    rate: rate === undefined ? undefined : rateInput(rate),
    expiresAt: at === undefined ? undefined : Number(at),
    expiresIn: after === undefined ? undefined : duration('key issue', '--expires-in', after),
  }
}

function rateInput(text: string) {
  const [, requests, seconds] = /^(\d+)\/(\d+)$/.exec(text) ?? []
  if (requests === undefined)
    throw new CommandLineError('key issue', `--rate: expected N/SECONDS like 600/60, not ${text}`)
  return { requests: Number(requests), seconds: Number(seconds) }
}

function isWhole(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === true
}

function verdictText(answer: unknown): string {
  const { ok, head, seq, problem, states } = answer as {
    ok: boolean
    head: { seq: number; hash: string }
    seq: number
    problem: string
    states?: { subject: string; seq: number | null; problem: string }[]
  }
  if (ok) return `whole: ${head.seq} entries\nanchor: ${head.seq}:${head.hash}`
  if (!states) return `broken at entry ${seq}: ${problem}`
  const lines = states.map((state) => {
    const by = state.seq === null ? '' : ` (entry ${state.seq})`
    return `  ${state.subject}: ${state.problem}${by}`
  })
  return ['the log is whole, and the store is not what it says:', ...lines].join('\n')
}
