import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AuditEntry } from './auditChain.ts'
import { auditVerifier, emptyHead, hashState, nextEntry } from './auditChain.ts'

const change = (at: number) => ({
  actor: 'admin:ada',
  action: 'key.revoke',
  subject: `key/${at}`,
  beforeHash: hashState({ at }),
  afterHash: null,
  at,
})

function log(length: number): AuditEntry[] {
  const entries: AuditEntry[] = []
  for (let at = 1; at <= length; at++)
    entries.push(nextEntry(entries.at(-1) ?? emptyHead, change(at)))
  return entries
}

function verify(entries: readonly AuditEntry[], anchors: Parameters<typeof auditVerifier>[0] = []) {
  const verifier = auditVerifier(anchors)
  for (const entry of entries) {
    const broken = verifier.next(entry)
    if (broken) return broken
  }
  return verifier.end()
}

const anchorOf = ({ seq, hash }: AuditEntry = log(1)[0] as AuditEntry) => ({ seq, hash })

describe('auditVerifier', () => {
  test('a log is whole, and so is an empty one', () => {
    const entries = log(5)
    expect(verify(entries)).toEqual({ ok: true, entries: 5, head: anchorOf(entries[4]) })
    expect(verify([])).toEqual({ ok: true, entries: 0, head: emptyHead })
  })

  test.each([
    { field: 'seq', value: 7 },
    { field: 'at', value: 99 },
    { field: 'actor', value: 'admin:eve' },
    { field: 'action', value: 'key.issue' },
    { field: 'subject', value: 'key/9' },
    { field: 'beforeHash', value: null },
    { field: 'afterHash', value: 'ab'.repeat(32) },
    { field: 'previousHash', value: 'ab'.repeat(32) },
    { field: 'hash', value: 'ab'.repeat(32) },
  ])('$field of entry 3 changed: 3 is the first broken one', ({ field, value }) => {
    const entries = log(5).map((entry) => (entry.seq === 3 ? { ...entry, [field]: value } : entry))
    expect(verify(entries)).toMatchObject({ ok: false, seq: 3 })
  })

  test('an entry that was changed and hashed again breaks the one behind it', () => {
    const entries = log(5)
    const second = entries[1] as AuditEntry
    const forged = nextEntry(second, { ...change(3), actor: 'admin:eve' })
    expect(verify([...entries.slice(0, 2), forged, ...entries.slice(3)])).toMatchObject({
      ok: false,
      seq: 4,
    })
  })

  test.each([
    { what: 'taken out', order: [0, 1, 3, 4], seq: 3 },
    { what: 'swapped', order: [0, 2, 1, 3, 4], seq: 2 },
    { what: 'there twice', order: [0, 1, 1, 2, 3, 4], seq: 3 },
    { what: 'the first taken out', order: [1, 2, 3, 4], seq: 1 },
  ])('$what: entry $seq is named', ({ order, seq }) => {
    const entries = log(5)
    expect(verify(order.map((index) => entries[index] as AuditEntry))).toMatchObject({
      ok: false,
      seq,
    })
  })

  test('a tail that is cut off shows by an anchor only', () => {
    const entries = log(5)
    expect(verify(entries.slice(0, 3))).toMatchObject({ ok: true })
    expect(verify(entries.slice(0, 3), [anchorOf(entries[4])])).toEqual({
      ok: false,
      seq: 4,
      problem: 'the log ends after entry 3, but entry 5 was anchored',
    })
  })

  test('a whole new log shows by an anchor, also when it went on since', () => {
    const anchor = anchorOf(log(5)[2])
    const forged: AuditEntry[] = []
    for (let at = 1; at <= 6; at++)
      forged.push(nextEntry(forged.at(-1) ?? emptyHead, { ...change(at), actor: 'admin:eve' }))
    expect(verify(forged)).toMatchObject({ ok: true })
    expect(verify(forged, [anchor])).toMatchObject({ ok: false, seq: 3 })
    expect(verify(log(6), [anchor])).toMatchObject({ ok: true })
  })

  test('no change of any character of any entry stays unseen', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5 }),
        fc.nat(),
        fc.string({ minLength: 1 }),
        (index, field, text) => {
          const entries = log(6)
          const names = [
            'actor',
            'action',
            'subject',
            'beforeHash',
            'previousHash',
            'hash',
          ] as const
          const name = names[field % names.length] as (typeof names)[number]
          const entry = entries[index] as AuditEntry
          fc.pre(entry[name] !== text)
          entries[index] = { ...entry, [name]: text }
          expect(verify(entries)).toMatchObject({ ok: false, seq: index + 1 })
        },
      ),
    )
  })
})
