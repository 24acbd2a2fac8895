import { readFileSync } from 'node:fs'
import { FabstirError } from '@fabstir/sdk'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { chainCases, reorganisationCases } from './errors/chainCases.ts'
import { contentCases } from './errors/contentCases.ts'
import { contractCases } from './errors/contractCases.ts'
import type { ErrorCase, ErrorClass } from './errors/errorCase.ts'
import { type ErrorStage, startErrorStage } from './errors/errorStage.ts'
import { operationCases } from './errors/operationCases.ts'
import { serviceCases } from './errors/serviceCases.ts'
import { sessionCases } from './errors/sessionCases.ts'
import { sponsorCases } from './errors/sponsorCases.ts'
import { timeCases } from './errors/timeCases.ts'
import { valueCases } from './errors/valueCases.ts'
import { walletCases } from './errors/walletCases.ts'
import { webCases } from './errors/webCases.ts'

const root = new URL('../../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')

/** Time goes last, as it runs ahead of that of the services, and then the chain. */
const cases: readonly ErrorCase[] = [
  ...[valueCases, contractCases, serviceCases, operationCases, sponsorCases].flat(),
  ...[walletCases, webCases, contentCases, chainCases, sessionCases].flat(),
  ...[timeCases, reorganisationCases].flat(),
]

let stage: ErrorStage
beforeAll(async () => {
  stage = await startErrorStage()
}, 180_000)
afterEach(() => stage?.reset())
afterAll(() => stage?.close())

describe('on the real stack', () => {
  test.each(cases)('$error.name when $when', async ({ error, happen, fields, cause }) => {
    const thrown = await (async () => happen(stage))().then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    if (!(thrown instanceof FabstirError)) throw thrown ?? new Error('nothing was thrown')
    expect(thrown).toBeInstanceOf(error)
    expect(thrown.name).toBe(error.name)
    expect(thrown).toMatchObject({ ...fields })
    expect(thrown.shortMessage).toMatch(/^\S.*\.$/s)
    expect(thrown.message).toContain(thrown.shortMessage)
    for (const line of thrown.metaMessages ?? []) expect(thrown.message).toContain(line)
    expect(thrown.message).toContain(thrown.details)
    expect(anchorsOf('docs/errors.md')).toContain(thrown.docsPath)
    if (!cause) return
    expect(thrown.details).not.toBe('')
    expect(thrown.cause).toBeInstanceOf(Error)
    expect([...causesOf(thrown)]).toContainEqual(expect.objectContaining(cause))
  })
})

describe('the classes', () => {
  test('that are exported are those that were made to happen', async () => {
    const exported = await exportedErrors()
    const happened = new Set(cases.map(({ error }) => error))
    expect(namesOf(exported)).toEqual(namesOf([...happened]))
  })

  test('each have a section in docs/errors.md, and nothing else has one', async () => {
    const sections = [...read('docs/errors.md').matchAll(/^### (\w+)$/gm)].map(([, name]) => name)
    expect(sections.toSorted()).toEqual(namesOf(await exportedErrors()))
  })
})

const namesOf = (errors: readonly ErrorClass[]) => errors.map(({ name }) => name).toSorted()

/** Every class of errors that any entry of the package exports, but for the one that all of them extend. */
async function exportedErrors(): Promise<ErrorClass[]> {
  const { exports } = JSON.parse(read('sdk/package.json')) as { exports: Record<string, string> }
  const entries = await Promise.all(
    Object.values(exports).map((path) => import(new URL(`sdk/${path}`, root).href)),
  )
  const isError = (value: unknown): value is ErrorClass =>
    typeof value === 'function' && value.prototype instanceof FabstirError
  return [...new Set(entries.flatMap((entry) => Object.values(entry).filter(isError)))]
}

/** Links to the headings of a page, as GitHub makes them. */
const anchorsOf = (page: string) =>
  [...read(page).matchAll(/^#+ (.+)$/gm)].map(
    ([, heading = '']) =>
      `/${page}#${heading
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-')}`,
  )

function* causesOf(error: Error): Generator<Error> {
  for (let link: unknown = error.cause; link instanceof Error; link = link.cause) yield link
}
