import { afterEach, expect, test, vi } from 'vitest'
import { report } from './report.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

test('goes to the page where there is one, else to the console', () => {
  const console_ = vi.spyOn(console, 'error').mockReturnValue()
  const error = new Error('a full storage')
  report(error)
  const page = vi.fn()
  vi.stubGlobal('reportError', page)
  report(error)
  expect([console_.mock.calls, page.mock.calls]).toEqual([[[error]], [[error]]])
})
