import { readCodeBlocks } from './codeBlocks.ts'

/** The `ts` blocks of a page as one program. Those labelled `types` are checked and not run. */
export function readGuide(file: string): { program: string; prints: string[] } {
  const blocks = readCodeBlocks(file).filter(({ language }) => language === 'ts')
  const parts = blocks.map(({ code, label }, index) => {
    // Imports stand at the top of a module only.
    const [imports, rest] = [/^import .*\n/gm, /^(?!import ).*\n/gm].map((lines) =>
      (code.match(lines) ?? []).join(''),
    )
    const isRun = label !== 'types'
    return `${imports}${isRun ? rest : `export const notRun${index} = async () => {\n${rest}}\n`}`
  })
  const prints = blocks.flatMap(({ code }) =>
    [...code.matchAll(/console\.log\(.*\) \/\/ → (.*)$/gm)].map(([, printed = '']) => printed),
  )
  return { program: parts.join('\n'), prints }
}
