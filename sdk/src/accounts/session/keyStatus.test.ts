import { describe, expect, test } from 'vitest'
import { keyStatus } from './keyStatus.ts'

const held = { active: false, validAfter: 0, validUntil: 100, usesLeft: 1 }

describe('keyStatus at second 50', () => {
  test.each([
    { of: { active: true }, status: 'active' },
    { of: { validUntil: 0, usesLeft: 0 }, status: 'revoked' },
    { of: { validUntil: 49 }, status: 'expired' },
    { of: { validUntil: 49, usesLeft: 0 }, status: 'expired' },
    { of: { usesLeft: 0 }, status: 'exhausted' },
    { of: { validAfter: 50 }, status: 'pending' },
    { of: { validAfter: 50 }, epochIsOver: true, status: 'revoked' },
    { of: { usesLeft: 0 }, epochIsOver: true, status: 'revoked' },
    // Nothing else is left but the epoch.
    { of: { validAfter: 49 }, status: 'revoked' },
    { of: {}, status: 'revoked' },
  ])('$of, epoch over $epochIsOver: $status', ({ of, epochIsOver = false, status }) => {
    expect(keyStatus({ ...held, ...of }, { now: 50, epochIsOver })).toBe(status)
  })
})
