import { expect, test } from 'vitest'
import { accusedEntity, entitiesOf } from './entities.ts'
import type { UserOperation } from './userOperation.ts'

const op: UserOperation = {
  sender: '0x1111111111111111111111111111111111111111',
  nonce: 0n,
  callData: '0x',
  callGasLimit: 0n,
  verificationGasLimit: 0n,
  preVerificationGas: 0n,
  maxFeePerGas: 0n,
  maxPriorityFeePerGas: 0n,
  signature: '0x',
}
const factory = '0x2222222222222222222222222222222222222222'
const paymaster = '0x3333333333333333333333333333333333333333'

test('entitiesOf names the entities of an operation, of which the EIP-7702 marker is none', () => {
  expect(entitiesOf(op)).toEqual({ account: op.sender })
  expect(entitiesOf({ ...op, factory, paymaster })).toEqual({
    account: op.sender,
    factory,
    paymaster,
  })
  expect(entitiesOf({ ...op, factory: '0x7702000000000000000000000000000000000000' })).toEqual({
    account: op.sender,
  })
})

test.each([
  { code: 'AA13', entity: 'factory' },
  { code: 'AA24', entity: 'account' },
  { code: 'AA31', entity: 'paymaster' },
  { code: 'AA50', entity: 'paymaster' },
  { code: 'AA95', entity: undefined },
])('$code accuses $entity', ({ code, entity }) => {
  expect(accusedEntity(code)).toBe(entity)
})
