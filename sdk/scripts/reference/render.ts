import type { Declaration } from './declarations.ts'

/** A page of the reference: its title and what is on it, by source file. */
export type Page = { title: string; entry: string; declarations: readonly Declaration[] }

export function renderPage({ title, entry, declarations }: Page): string {
  const files = [...Map.groupBy(declarations, ({ file }) => file).values()]
    .map((members) => ({ members, name: mainOf(members).name }))
    .toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
  return [
    `# ${title}`,
    `Exports of \`${entry}\`. Written by \`pnpm sdk:docs\` from the comments in the sources.`,
    files.map(({ members }) => renderLine(mainOf(members))).join('\n'),
    ...files.map(({ members }) => renderFile(members)),
  ]
    .join('\n\n')
    .concat('\n')
}

const isValue = ({ kind }: Declaration) => kind === 'function' || kind === 'const'

/** What a file is about: its function, else its class or first type. */
function mainOf(members: readonly Declaration[]): Declaration {
  const main =
    members.find((member) => isValue(member) && member.comment.examples.length > 0) ??
    members.find(isValue) ??
    members[0]
  if (!main) throw new Error('a file without exports has no section')
  return main
}

function renderLine({ name, comment }: Declaration): string {
  const [sentence = ''] = comment.summary.split(/(?<=\.) /)
  return `- [\`${name}\`](#${name.toLowerCase()})${sentence && `: ${sentence}`}`
}

function renderFile(members: readonly Declaration[]): string {
  const main = mainOf(members)
  const values = members.filter((member) => member.kind !== 'type' && member !== main)
  const types = members.filter((member) => member.kind === 'type' && member !== main)
  const sync = values.find(({ name }) => name === `${main.name}Sync`)
  return [
    renderValue(main, sync && formsOf(main.name)),
    ...values.filter((value) => value !== sync).map((value) => renderValue(value)),
    ...(types.length > 0 ? [codeBlock(types.map(withComment).join('\n\n'))] : []),
  ].join('\n\n')
}

const formsOf = (name: string) =>
  `Forms: \`${name}\` resolves with the operation's hash, \`${name}Sync\` with its event; \`${name}.call()\` is for \`batch\`, \`${name}.extractEvent(logs)\` reads receipts.`

function renderValue({ name, code, comment }: Declaration, forms?: string): string {
  const { summary, parameters, returns, throws, examples } = comment
  return [
    `## ${name}`,
    summary,
    forms,
    codeBlock(code),
    parameters.map(([parameter, text]) => `- \`${parameter}\`: ${text}`).join('\n'),
    returns && `Returns: ${returns}`,
    throws.length > 0 && `Throws:\n\n${throws.map((line) => `- ${line}`).join('\n')}`,
    ...examples.map((example) => `Example:\n\n${codeBlock(example)}`),
  ]
    .filter(Boolean)
    .join('\n\n')
}

const withComment = ({ code, comment }: Declaration) =>
  comment.summary ? `/** ${comment.summary} */\n${code}` : code

const codeBlock = (code: string) => `\`\`\`ts\n${code.trimEnd()}\n\`\`\``
