/** A TSDoc comment, taken apart. */
export type Comment = {
  summary: string
  /** By name of the parameter. */
  parameters: [name: string, text: string][]
  returns: string | undefined
  throws: string[]
  /** Code. */
  examples: string[]
}

export function parseComment(comment: string): Comment {
  const text = comment
    .replace(/^\/\*\*|\*\/$/g, '')
    .split('\n')
    .map((line) => line.replace(/^ *\*? ?/, ''))
    .join('\n')
  const [summary = '', ...tags] = text.split(/^@(?=[a-z]+\b)/m)
  const found: Comment = {
    summary: prose(summary),
    parameters: [],
    returns: undefined,
    throws: [],
    examples: [],
  }
  for (const tag of tags) {
    const [, name, rest = ''] = /^([a-z]+)(.*)$/s.exec(tag) ?? []
    if (name === 'example') found.examples.push(`${rest.trim()}\n`)
    if (name === 'returns') found.returns = prose(rest)
    if (name === 'throws') found.throws.push(prose(rest.replace(/^\s*\{([^}]*)\}/, '`$1`')))
    const [, parameter, meaning = ''] = /^\s*(\w+)\s(.*)$/s.exec(rest) ?? []
    if (name === 'param' && parameter) found.parameters.push([parameter, prose(meaning)])
  }
  return found
}

/** One line, links as code. */
const prose = (text: string) =>
  text
    .replace(/\{@link (\w+)[^}]*\}/g, '`$1`')
    .replace(/\s+/g, ' ')
    .trim()
