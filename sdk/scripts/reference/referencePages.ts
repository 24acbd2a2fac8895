import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Declaration, readEntry } from './declarations.ts'
import { type Page, renderPage } from './render.ts'

/** Where exports of the main entry are described, by the folder of their source; the first that fits. */
const pages: readonly (readonly [prefix: string, page: string, title: string])[] = [
  ['accounts/session/', 'sessions', 'Session keys'],
  ['actions/session/', 'sessions', 'Session keys'],
  ['accounts/', 'accounts', 'Accounts'],
  ['clients/', 'clients', 'Clients'],
  ['wallets/', 'clients', 'Clients'],
  ['errors/', 'errors', 'Errors'],
  ['actions/governance/', 'governance', 'Governance'],
  ['actions/host/', 'hosts', 'Hosts'],
  ['actions/models/', 'models', 'Models and prices'],
  ['actions/proofs/', 'proofs', 'Proofs and challenges'],
  ['actions/protocol/', 'protocol', 'State of the protocol'],
  ['actions/reputation/', 'reputation', 'Reputation'],
  ['actions/revenue/', 'revenue', 'Revenue'],
  ['actions/staking/', 'staking', 'Staking'],
  ['actions/subscriptions/', 'subscriptions', 'Subscriptions'],
  ['actions/', 'marketplace', 'Jobs and sessions'],
  ['history/', 'history', 'History'],
  ['watch/', 'watching', 'Watching'],
  ['', 'values', 'Values and operations'],
]

const packageFile = join(import.meta.dirname, '../../package.json')

/**
 * All pages, by name of their file.
 * @param folder Where the compiler has put the declarations.
 */
export function referencePages(folder: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  const index: string[] = []
  for (const [file, page] of [...mainPages(folder), ...entryPages(folder)]) {
    files.set(`${file}.md`, renderPage(page))
    index.push(`- [${page.title}](${file}.md)`)
  }
  return files.set('README.md', `# Reference of @fabstir/sdk\n\n${index.join('\n')}\n`)
}

/** Every exported name of every entry. */
export function readExports(folder: string): readonly Declaration[] {
  return entries().flatMap(({ file }) => readEntry(folder, file))
}

function mainPages(folder: string): [string, Page][] {
  const pageOf = ({ file }: Declaration) => pages.find(([prefix]) => file.startsWith(prefix))?.[1]
  const byPage = Map.groupBy(readEntry(folder, 'index.d.ts'), pageOf)
  const titles = new Map(pages.map(([, page, title]) => [page, title]))
  return [...titles].flatMap(([page, title]): [string, Page][] => {
    const declarations = byPage.get(page)
    return declarations ? [[page, { title, entry: '@fabstir/sdk', declarations }]] : []
  })
}

/** Entries beside the main one have a page each. */
function entryPages(folder: string): [string, Page][] {
  return entries()
    .filter(({ path }) => path !== '.')
    .map(({ path, file }): [string, Page] => {
      const name = path.replace('./', '')
      const entry = `@fabstir/sdk/${name}`
      return [
        name.replaceAll('/', '-'),
        { title: entry, entry, declarations: readEntry(folder, file) },
      ]
    })
}

function entries(): { path: string; file: string }[] {
  const { exports } = JSON.parse(readFileSync(packageFile, 'utf8')) as {
    exports: Record<string, string>
  }
  return Object.entries(exports).map(([path, source]) => ({
    path,
    file: source.replace(/^\.\/src\/(.*)\.ts$/, '$1.d.ts'),
  }))
}
