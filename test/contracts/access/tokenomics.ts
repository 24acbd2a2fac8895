import { parseEther } from 'viem'
import {
  type Case,
  day,
  eth,
  governed,
  only,
  open,
  type Rules,
  someone,
  upgradeable,
} from './rules.ts'

const erc20: Rules = {
  approve: open('of the caller'),
  transfer: open('of the caller', { ends: ['ERC20InsufficientBalance'] }),
  transferFrom: open('within the allowance', { ends: ['ERC20InsufficientAllowance'] }),
  permit: open('carries the holder’s signature', { ends: ['ERC2612ExpiredSignature'] }),
}

const stakersPool: Rules = {
  ...upgradeable('StakersPool'),
  receive: open('counts once synced'),
  stake: open('of the caller', { ends: ['StakersPoolBelowMinimum'] }),
  unstake: only('host')('StakersPoolUnknownPosition', {
    note: 'its own position',
    args: () => [0n, parseEther('5000')],
    later: 31 * day,
  }),
  exitEarly: only('host')('StakersPoolUnknownPosition', {
    note: 'its own position',
    args: () => [0n],
  }),
  relock: only('host')('StakersPoolUnknownPosition', {
    note: 'its own position',
    args: () => [0n, 1],
  }),
  lapse: open('a position whose lock is over', {
    args: ({ addresses }) => [addresses.host, 0n],
    later: 31 * day,
  }),
  'claim(address)': open('what the caller earned', { args: () => [eth] }),
  'claim(address,address)': open('what the caller earned', { args: () => [eth, someone] }),
  claimAll: open('what the caller earned'),
  notifyReward: open('pays the reward itself', { args: () => [eth, 1n], value: () => 1n }),
  sync: open('counts what was sent to the pool', { args: () => [eth] }),
  listRewardToken: governed(),
}

const splitter: Rules = {
  ...upgradeable('RevenueSplitter'),
  split: open('pays what is split', {
    args: ({ addresses }) => [eth, 100n, addresses.host],
    value: () => 100n,
  }),
  'withdraw(address)': open('what the caller is owed', {
    args: () => [eth],
    ends: ['RevenueSplitterNothingToWithdraw'],
  }),
  'withdraw(address,address)': open('what the caller is owed', {
    args: () => [eth, someone],
    ends: ['RevenueSplitterNothingToWithdraw'],
  }),
  setTreasury: governed(),
  setStakersPool: governed(),
}

const buyback: Rules = {
  ...upgradeable('Buyback'),
  buy: only('keeper')('BuybackNotKeeper', { ends: ['BuybackNoRoute'] }),
  setKeeper: governed(() => [someone, true]),
  setLimits: governed(() => [
    { maxDeviationBps: 200, burnBps: 5_000, maxAge: 3_600, window: 86_400, cap: 1n },
  ]),
  setRoute: governed(),
  setTreasury: governed(),
}

const publisher = only('host')
const ofModel =
  (...rest: readonly unknown[]): NonNullable<Case['args']> =>
  ({ model }) => [model, ...rest]

const modelRegistry: Rules = {
  ...upgradeable('ModelRegistry'),
  listModel: open('lists a model in the caller’s name', {
    args: () => ['mistral-7b', '0.3', 'text'],
  }),
  updateModel: publisher('ModelRegistryNotPublisher', {
    note: 'the publisher of the model',
    args: ofModel('text'),
  }),
  delistModel: publisher('ModelRegistryNotPublisher', {
    note: 'the publisher of the model',
    args: ofModel(),
  }),
  setPrice: only('host', 'otherHost')('ModelRegistryNotActiveHost', {
    note: 'active hosts, for themselves',
    args: ofModel(eth, 1_000n, 0n),
  }),
  removeOffer: only('host')('ModelRegistryNotYourOffer', {
    note: 'its host; anyone once the host is not active',
    args: ({ addresses, model }) => [model, eth, addresses.host],
  }),
  recordSettled: open('a settled session of the marketplace, once', {
    args: ({ sessions }) => [sessions.active],
    ends: ['SettledSessionsNotSettled'],
  }),
  setPublisher: governed(ofModel(someone)),
  setMinimumPrices: governed(),
}

const provider = only('host')
const ofPlan =
  (...rest: readonly unknown[]): NonNullable<Case['args']> =>
  ({ plan }) => [plan, ...rest]

const subscriptions: Rules = {
  createPlan: open('a plan of the caller', {
    args: () => [eth, 100n, 86_400, 10n, someone],
  }),
  closePlan: provider('SubscriptionsNotProvider', {
    note: 'the provider of the plan',
    args: ofPlan(),
  }),
  setMeter: provider('SubscriptionsNotProvider', {
    note: 'the provider of the plan',
    args: ofPlan(someone),
  }),
  subscribe: open('pays for itself', {
    args: ofPlan(1),
    ends: ['ERC20InsufficientAllowance', 'SubscriptionsStillRunning'],
  }),
  extend: open('the caller’s own', { args: ofPlan(1), ends: ['SubscriptionsNotRunning'] }),
  setAutoRenew: open('the caller’s own', {
    args: ofPlan(true),
    ends: ['SubscriptionsNotRunning'],
  }),
  renew: only('host', 'renter')('SubscriptionsNotRenewer', {
    note: 'the provider or the subscriber, which agreed to it',
    args: ({ addresses, plan }) => [plan, addresses.renter],
    ends: ['SubscriptionsStillRunning'],
  }),
  consume: only('host', 'keeper')('SubscriptionsNotMeter', {
    note: 'the provider or its meter',
    args: ({ addresses, plan }) => [plan, addresses.renter, 1n],
  }),
  cancel: open('the caller’s own', { args: ofPlan(), ends: ['SubscriptionsNotRunning'] }),
  collect: open('credits the provider', {
    args: ({ addresses, plan }) => [plan, addresses.renter],
  }),
  'withdraw(address)': open('what the caller is owed', {
    args: () => [eth],
    ends: ['SubscriptionsNothingToWithdraw'],
  }),
  'withdraw(address,address)': open('what the caller is owed', {
    args: () => [eth, someone],
    ends: ['SubscriptionsNothingToWithdraw'],
  }),
}

export const tokenomics = {
  FabToken: {
    ...erc20,
    burn: open('of the caller', { ends: ['ERC20InsufficientBalance'] }),
    burnFrom: open('within the allowance', { ends: ['ERC20InsufficientAllowance'] }),
    delegate: open('votes of the caller'),
    delegateBySig: open('carries the holder’s signature', { ends: ['VotesExpiredSignature'] }),
  },
  TestUsdc: { ...erc20, mint: open('exists on the local chain only') },
  StakersPool: stakersPool,
  RevenueSplitter: splitter,
  Buyback: buyback,
  ModelRegistry: modelRegistry,
  DynamicPricing: {
    ...upgradeable('DynamicPricing'),
    recordSettled: open('a settled session of the marketplace, once', {
      args: ({ sessions }) => [sessions.active],
      ends: ['SettledSessionsNotSettled'],
    }),
    setCapacity: governed(),
    setCurve: governed(() => [{ kinkBps: 8_000, maxSurgeBps: 20_000 }]),
  },
  Subscriptions: subscriptions,
} satisfies Record<string, Rules>
