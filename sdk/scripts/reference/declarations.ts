import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Comment, parseComment } from './comment.ts'

/** One exported name, as the compiler declares it. */
export type Declaration = {
  name: string
  kind: 'function' | 'const' | 'class' | 'type'
  comment: Comment
  /** Without `export declare` and without paths of imported types. */
  code: string
  /** Source file, relative to the folder of declarations, without extension. */
  file: string
}

/** What an entry exports, with its declarations, in the order of the entry. */
export function readEntry(folder: string, entry: string): Declaration[] {
  const text = readFileSync(join(folder, entry), 'utf8')
  return [...text.matchAll(/^export (?:type )?(?:\*|\{([^}]*)\}) from '(\.[^']*)'/gm)].flatMap(
    ([, names, from = '']) => {
      const file = join(dirname(entry), from).replace(/\.ts$/, '')
      const declared = readDeclarations(folder, file)
      if (names === undefined) return [...declared.values()]
      return toNames(names).map((name) => {
        const declaration = declared.get(name)
        if (declaration) return declaration
        throw new Error(`${entry} exports ${name}, which ${file}.d.ts does not declare`)
      })
    },
  )
}

const toNames = (list: string) =>
  list
    .split(',')
    .map((part) => part.replace(/^\s*type /, '').trim())
    .filter((name) => name !== '')

/** Exported names of one file. The compiler begins every statement in the first column and nothing else. */
function readDeclarations(folder: string, file: string): ReadonlyMap<string, Declaration> {
  const path = join(folder, `${file}.d.ts`)
  if (!existsSync(path)) throw new Error(`there is no ${file}.d.ts`)
  const declarations = new Map<string, Declaration>()
  let comment = ''
  for (const statement of readFileSync(path, 'utf8').split(/\n(?=\S)(?![})\]>])/)) {
    if (statement.startsWith('/**')) {
      comment = statement
      continue
    }
    const [, keyword, name] =
      /^export (?:declare )?(function|const|class|type|interface) (\w+)/.exec(statement) ?? []
    if (name) {
      const kind = keyword === 'interface' ? 'type' : (keyword as Declaration['kind'])
      const code = statement
        .trimEnd()
        .replace(/^export (declare )?/, '')
        .replaceAll(/import\("[^"]*"\)\./g, '')
        .replaceAll(/^( {4})+/gm, (indent) => ' '.repeat(indent.length / 2))
      // The first of several overloads has the comment.
      const first = declarations.get(name)
      if (first) declarations.set(name, { ...first, code: `${first.code}\n${code}` })
      else declarations.set(name, { name, kind, comment: parseComment(comment), code, file })
    }
    comment = ''
  }
  return declarations
}
