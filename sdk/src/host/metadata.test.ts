import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MetadataError } from '../errors/metadata.ts'
import { maxMetadataBytes, parseMetadata, serializeMetadata } from './metadata.ts'

describe('serializeMetadata', () => {
  test('writes the form of the registry', () => {
    const metadata = { gpu: 'rtx4090', models: ['gpt-4', 'llama2'], region: 'us-west' }
    expect(serializeMetadata(metadata)).toBe('gpu:rtx4090,models:gpt-4;llama2,region:us-west')
  })

  test('is undone by parseMetadata, whatever the values are', () => {
    const value = fc.stringMatching(/^[!-+\--:<-~]{1,12}$/)
    const metadata = fc.record(
      {
        gpu: value,
        models: fc.array(value, { maxLength: 5 }),
        region: value,
        extra: fc
          .dictionary(fc.stringMatching(/^x[\w-]{0,8}$/), value, { minKeys: 1, maxKeys: 4 })
          .map((fields) => ({ ...fields })),
      },
      { requiredKeys: ['models'] },
    )
    fc.assert(
      fc.property(metadata, (host) => {
        expect(parseMetadata(serializeMetadata(host))).toEqual(host)
      }),
    )
  })

  test.each([
    { models: ['a,b'] },
    { models: ['a;b'] },
    { models: [''] },
    { models: ['a b'] },
    { models: ['ü'] },
    { models: [], gpu: 'a\nb' },
    { models: [], extra: { gpu: 'a' } },
    { models: [], extra: { 'a:b': 'c' } },
  ])('refuses %j', (metadata) => {
    expect(() => serializeMetadata(metadata)).toThrow(MetadataError)
  })

  test('takes 1024 bytes and refuses 1025', () => {
    const region = (bytes: number) => 'r'.repeat(bytes - 'region:'.length)
    expect(serializeMetadata({ models: [], region: region(maxMetadataBytes) })).toHaveLength(1024)
    expect(() => serializeMetadata({ models: [], region: region(maxMetadataBytes + 1) })).toThrow(
      MetadataError,
    )
  })
})

describe('parseMetadata', () => {
  test.each([
    { text: '', models: [] },
    { text: 'models:', models: [] },
    { text: ':x,models:llama3:8b;;gpt', models: ['llama3:8b', 'gpt'] },
    { text: 'gpu', models: [] },
  ])('reads what it can of "$text"', ({ text, models }) => {
    expect(parseMetadata(text)).toEqual({ models })
  })
})
