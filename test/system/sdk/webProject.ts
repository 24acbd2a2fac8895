import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Devnet } from '@fabstir/devnet'
import { apiKeys } from '../../../devnet/src/apps.ts'
import { runProgram } from '../../../scripts/tests/runProgram.ts'
import { readCodeBlocks } from '../package/codeBlocks.ts'
import { readGuide } from '../package/guide.ts'
import { root } from '../package/packedProject.ts'

const page = 'docs/web.md'

/** A folder with the programs of docs/web.md, with all that is installed in the repository. */
export type WebProject = {
  folder: string
  /** What the program of the page is to print. */
  prints: readonly string[]
  /** Runs a program of the folder; fails with what it printed. */
  run(args: readonly string[], devnet?: Devnet): Promise<string>
  remove(): Promise<void>
}

/** `guide.ts` is the program, `app.tsx` the component. */
export async function openWebProject(): Promise<WebProject> {
  const folder = await mkdtemp(join(tmpdir(), 'fabstir-web-'))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  const { program, prints } = readGuide(page)
  const component = readCodeBlocks(page).find(({ language }) => language === 'tsx')
  if (!component) throw new Error(`${page} has no component`)
  const tsconfig = {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: {
      ...{ lib: ['es2024', 'dom'], jsx: 'react-jsx', noUncheckedIndexedAccess: false },
      typeRoots: [join(root, 'node_modules/@types')],
    },
    files: ['guide.ts', 'app.tsx'],
  }
  const files = {
    'package.json': JSON.stringify({ type: 'module' }),
    'tsconfig.json': JSON.stringify(tsconfig),
    'guide.ts': program,
    'app.tsx': component.code,
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)

  return {
    folder,
    prints,
    async run(args, devnet) {
      let printed = ''
      const { code, output } = await runProgram(process.execPath, args, {
        cwd: folder,
        ...(devnet && { env: urlsOf(devnet) }),
        onOutput: (text) => {
          printed += text
        },
      })
      if (code !== 0) throw new Error(`${args.join(' ')} exited with ${code}:\n${printed}`)
      return output
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

const urlsOf = ({ rpcUrl, bundlerUrl, paymasterUrl }: Devnet) => ({
  RPC: rpcUrl,
  BUNDLER: bundlerUrl,
  SPONSOR: `${paymasterUrl}/?apikey=${apiKeys.demo}`,
})
