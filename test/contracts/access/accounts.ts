import { concatHex, encodeAbiParameters, encodeFunctionData, type Hex, parseAbi } from 'viem'
import {
  governed,
  nobody,
  only,
  open,
  ownable,
  type Rules,
  receiver,
  someone,
  zero,
} from './rules.ts'

const selfOrOwner = only('account', 'accountOwner')
const entryPointOrSelf = only('entryPoint', 'account')
const entryPoint = only('entryPoint')
const refused = 'AccountUnauthorized'
const operator = only('sponsorOperator')
const notOperator = 'SponsorPaymasterNotOperator'
const treasury = only('treasury', 'timelock')
const notTreasury = 'TokenPaymasterNotTreasury'

/** ERC-7821: a batch without data of its own, and one without calls. */
const batchMode = `0x01${'00'.repeat(31)}`
const noCalls = encodeAbiParameters([{ type: 'bytes32[]' }], [[]])

const executeNothing = encodeFunctionData({
  abi: parseAbi([
    'struct Operation { address target; uint256 value; bytes data; }',
    'function executeBatch(Operation[])',
  ]),
  args: [[]],
})
const operationOf = (callData: Hex) => ({
  sender: someone,
  nonce: 0n,
  initCode: '0x',
  callData,
  accountGasLimits: zero,
  preVerificationGas: 0n,
  gasFees: zero,
  paymasterAndData: '0x',
  signature: '0x',
})

const account: Rules = {
  ...receiver,
  receive: open('payments to the account'),
  initialize: nobody('once, while the proxy’s constructor runs', 'AccountAlreadyDeployed', {
    args: () => [someone],
  }),
  setOwner: only('account')(refused, {
    note: 'by the account’s own execute or executeBatch',
    args: () => [someone],
  }),
  upgradeToAndCall: selfOrOwner(refused, {
    args: ({ implementations }) => [implementations.FabstirAccount, '0x'],
  }),
  addSessionKey: selfOrOwner(refused, {
    args: ({ now }) => [someone, Number(now) + 86_400],
  }),
  addSessionKeyWithPolicy: selfOrOwner(refused, { ends: ['SessionPolicyInvalid'] }),
  revokeSessionKey: selfOrOwner(refused, { args: ({ addresses }) => [addresses.sessionKey] }),
  revokeAllSessionKeys: selfOrOwner(refused),
  cancelGrant: selfOrOwner(refused),
  withdrawDepositTo: selfOrOwner(refused, {
    args: ({ addresses }) => [addresses.entryPoint, someone, 0n],
  }),
  execute: entryPointOrSelf(refused, { args: () => [batchMode, noCalls] }),
  executeBatch: entryPointOrSelf(refused),
  createJobViaAccount: entryPointOrSelf(refused, {
    args: (scene) => ['llama-70b', `0x${'00'.repeat(32)}`, scene.price, scene.now + 86_400n],
  }),
  registerNodeViaAccount: entryPointOrSelf(refused, { ends: ['ERC20InsufficientAllowance'] }),
  claimJobViaSessionKey: only(
    'account',
    'entryPoint',
    'sessionKey',
  )('SessionKeyNotActive', {
    note: 'session keys within their policy',
    args: ({ addresses, jobs }) => [addresses.account, jobs.posted],
    ends: ['MarketplaceHostNotActive'],
  }),
  validateUserOp: entryPoint(refused),
  executeUserOp: entryPoint(refused, {
    args: () => [operationOf(concatHex(['0x00000000', executeNothing])), zero],
  }),
}

const sponsorPaymaster: Rules = {
  receive: entryPoint('SponsorPaymasterNotEntryPoint'),
  deposit: open('a gift to the paymaster’s deposit'),
  addStake: operator(notOperator, { args: () => [86_400], value: () => 1n }),
  unlockStake: operator(notOperator),
  withdrawStake: operator(notOperator, { note: 'to the fixed treasury', ends: ['Error'] }),
  withdraw: operator(notOperator, { note: 'to the fixed treasury' }),
  migrateTo: operator(notOperator, {
    note: 'to a successor that keeps a key',
    ends: ['SponsorPaymasterBadSuccessor'],
  }),
}

const tokenPaymaster: Rules = {
  ...ownable,
  deposit: open('a gift to the paymaster’s deposit'),
  validatePaymasterUserOp: entryPoint('PaymasterUnauthorized', { ends: ['no reason'] }),
  postOp: entryPoint('PaymasterUnauthorized', { ends: ['no reason'] }),
  updatePrice: open('takes what the feeds say', { ends: ['TokenPaymasterTokenNotTaken'] }),
  addStake: treasury(notTreasury, { args: () => [86_400], value: () => 1n }),
  unlockStake: treasury(notTreasury),
  withdrawStake: treasury(notTreasury, { note: 'to the fixed treasury', ends: ['Error'] }),
  withdrawDeposit: treasury(notTreasury, { note: 'to the fixed treasury' }),
  withdrawTokens: treasury(notTreasury, {
    note: 'to the fixed treasury',
    args: ({ fab }) => [fab, 0n],
  }),
  setToken: governed(({ fab }) => [
    fab,
    { source: 0, markupBps: 0, minPrice: 0n, maxPrice: 0n, feed: someone, feedMaxAge: 0 },
  ]),
  setNativeFeed: governed(undefined, { note: 'a contract that answers', ends: ['no reason'] }),
  setSequencerFeed: governed(() => [someone, 3_600]),
  setQuoteSigner: governed(),
}

const topUpVault: Rules = {
  ...ownable,
  receive: open('fills the vault'),
  topUp: only('keeper')('TopUpVaultNotKeeper', {
    note: 'into deposits of listed paymasters, within the cap of a day',
    args: ({ sponsorPaymaster: paymaster }) => [paymaster, 1n],
  }),
  setKeeper: governed(() => [someone, true]),
  setPaymaster: governed(({ sponsorPaymaster: paymaster }) => [paymaster, 1n]),
  withdraw: governed(() => [someone, 1n]),
}

export const accounts = {
  FabstirAccount: account,
  FabstirAccountFactory: {
    createAccount: open('the address depends on the owner', { args: () => [someone, 0n] }),
  },
  SponsorPaymaster: sponsorPaymaster,
  TokenPaymaster: tokenPaymaster,
  TopUpVault: topUpVault,
} satisfies Record<string, Rules>
