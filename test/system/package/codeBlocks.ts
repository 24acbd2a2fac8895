import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './packedProject.ts'

/** A fenced block of a Markdown file. */
export type CodeBlock = {
  /** First word behind the fence; '' when there is none. */
  language: string
  /** What follows the language. */
  label: string
  code: string
  /** Where it begins, for messages. */
  place: string
}

export function readCodeBlocks(file: string): CodeBlock[] {
  const blocks: CodeBlock[] = []
  let open: CodeBlock | undefined
  for (const [index, line] of readFileSync(join(root, file), 'utf8').split('\n').entries()) {
    const [, info] = /^```(.*)$/.exec(line) ?? []
    if (info === undefined) {
      if (open) open.code += `${line}\n`
    } else if (open) {
      blocks.push(open)
      open = undefined
    } else {
      const [language = '', label = ''] = info.split(/ (.*)/)
      open = { language, label, code: '', place: `${file}:${index + 1}` }
    }
  }
  if (open) throw new Error(`${open.place} is not closed`)
  return blocks
}
