import { expect, test } from 'vitest'
import { kebab, optionNaming } from './optionNaming.ts'

test('an option has one name, written as flag and as variable', () => {
  const { flagOf, environmentNameOf } = optionNaming('FABSTIR_EXAMPLE_')
  expect(kebab('maxBundleOps')).toBe('max-bundle-ops')
  expect(flagOf('maxBundleOps')).toBe('--max-bundle-ops')
  expect(environmentNameOf('maxBundleOps')).toBe('FABSTIR_EXAMPLE_MAX_BUNDLE_OPS')
})
