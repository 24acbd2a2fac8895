import type { subscriptionsAbi } from '@fabstir/contracts/abi'
import type { AbiItem, AbiText } from '../abiText.ts'
import { knowErrors } from '../knownErrors.ts'

type Abi = typeof subscriptionsAbi

knowErrors(`
 SubscriptionsZeroAddress
address,address SubscriptionsNothingToWithdraw
address,uint256 SubscriptionsEthTransferFailed
address,uint256,uint256 SubscriptionsTransferMismatch
string,uint256,uint256,uint256 SubscriptionsOutOfRange
uint256 SubscriptionsPlanClosed SubscriptionsUnknownPlan
uint256,address SubscriptionsNoAutoRenew SubscriptionsNotMeter SubscriptionsNotProvider SubscriptionsNotRenewer
uint256,address,uint256 SubscriptionsNotRunning SubscriptionsRenewalTooLate SubscriptionsStillRunning
uint256,address,uint256,uint256 SubscriptionsQuotaExceeded
uint256,uint256 SubscriptionsWrongValue
`)

export const AutoRenewSet: AbiText<AbiItem<Abi, 'AutoRenewSet'>> = [
  'event AutoRenewSet(uint256 indexed planId, address indexed subscriber, bool autoRenew)',
]

export const Canceled: AbiText<AbiItem<Abi, 'Canceled'>> = [
  'event Canceled(uint256 indexed planId, address indexed subscriber, uint256 refund, uint256 endsAt)',
]

export const Collected: AbiText<AbiItem<Abi, 'Collected'>> = [
  'event Collected(uint256 indexed planId, address indexed subscriber, uint256 amount)',
]

export const Consumed: AbiText<AbiItem<Abi, 'Consumed'>> = [
  'event Consumed(uint256 indexed planId, address indexed subscriber, uint256 units, uint256 remaining)',
]

export const MeterSet: AbiText<AbiItem<Abi, 'MeterSet'>> = [
  'event MeterSet(uint256 indexed planId, address indexed meter)',
]

export const PlanClosed: AbiText<AbiItem<Abi, 'PlanClosed'>> = [
  'event PlanClosed(uint256 indexed planId)',
]

export const PlanCreated: AbiText<AbiItem<Abi, 'PlanCreated'>> = [
  'event PlanCreated(uint256 indexed planId, address indexed provider, address indexed token, uint256 price, uint256 period, uint256 quota)',
]

export const Subscribed: AbiText<AbiItem<Abi, 'Subscribed'>> = [
  'event Subscribed(uint256 indexed planId, address indexed subscriber, uint256 periods, uint256 paidUntil)',
]

export const Withdrawn: AbiText<AbiItem<Abi, 'Withdrawn'>> = [
  'event Withdrawn(address indexed account, address indexed token, uint256 amount, address to)',
]

export const cancel: AbiText<AbiItem<Abi, 'cancel'>> = [
  'function cancel(uint256) returns (uint256)',
]

export const closePlan: AbiText<AbiItem<Abi, 'closePlan'>> = [
  'function closePlan(uint256)',
]

export const collect: AbiText<AbiItem<Abi, 'collect'>> = [
  'function collect(uint256, address) returns (uint256)',
]

export const consume: AbiText<AbiItem<Abi, 'consume'>> = [
  'function consume(uint256, address, uint64)',
]

export const createPlan: AbiText<AbiItem<Abi, 'createPlan'>> = [
  'function createPlan(address, uint128, uint32, uint64, address) returns (uint256)',
]

export const extend: AbiText<AbiItem<Abi, 'extend'>> = [
  'function extend(uint256, uint32)',
]

export const getPlan: AbiText<AbiItem<Abi, 'getPlan'>> = [
  'function getPlan(uint256) returns ((address provider, address token, address meter, uint128 price, uint64 quota, uint32 period, bool open))',
]

export const getSubscription: AbiText<AbiItem<Abi, 'getSubscription'>> = [
  'function getSubscription(uint256, address) returns ((uint48 startedAt, uint32 periods, uint32 credited, uint32 usedPeriod, uint64 used, bool autoRenew))',
]

export const liabilities: AbiText<AbiItem<Abi, 'liabilities'>> = [
  'function liabilities(address) returns (uint256)',
]

export const paidUntil: AbiText<AbiItem<Abi, 'paidUntil'>> = [
  'function paidUntil(uint256, address) returns (uint256)',
]

export const planCount: AbiText<AbiItem<Abi, 'planCount'>> = [
  'function planCount() returns (uint256)',
]

export const remainingQuota: AbiText<AbiItem<Abi, 'remainingQuota'>> = [
  'function remainingQuota(uint256, address) returns (uint256)',
]

export const renew: AbiText<AbiItem<Abi, 'renew'>> = [
  'function renew(uint256, address)',
]

export const setAutoRenew: AbiText<AbiItem<Abi, 'setAutoRenew'>> = [
  'function setAutoRenew(uint256, bool)',
]

export const setMeter: AbiText<AbiItem<Abi, 'setMeter'>> = [
  'function setMeter(uint256, address)',
]

export const subscribe: AbiText<AbiItem<Abi, 'subscribe'>> = [
  'function subscribe(uint256, uint32)',
]

export const withdraw: AbiText<AbiItem<Abi, 'withdraw'>> = [
  'function withdraw(address) returns (uint256)',
  'function withdraw(address, address) returns (uint256)',
]

export const withdrawable: AbiText<AbiItem<Abi, 'withdrawable'>> = [
  'function withdrawable(address, address) returns (uint256)',
]
