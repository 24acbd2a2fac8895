import type { subscriptionsAbi } from '@fabstir/contracts/abi'
import type { AbiItem, AbiText } from '../abiText.ts'

type Abi = typeof subscriptionsAbi

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
  'function cancel(uint256 planId) returns (uint256 refund)',
]

export const closePlan: AbiText<AbiItem<Abi, 'closePlan'>> = [
  'function closePlan(uint256 planId)',
]

export const collect: AbiText<AbiItem<Abi, 'collect'>> = [
  'function collect(uint256 planId, address subscriber) returns (uint256 amount)',
]

export const consume: AbiText<AbiItem<Abi, 'consume'>> = [
  'function consume(uint256 planId, address subscriber, uint64 units)',
]

export const createPlan: AbiText<AbiItem<Abi, 'createPlan'>> = [
  'function createPlan(address token, uint128 price, uint32 period, uint64 quota, address meter) returns (uint256 planId)',
]

export const extend: AbiText<AbiItem<Abi, 'extend'>> = [
  'function extend(uint256 planId, uint32 periods) payable',
]

export const getPlan: AbiText<AbiItem<Abi, 'getPlan'>> = [
  'function getPlan(uint256 planId) view returns ((address provider, address token, address meter, uint128 price, uint64 quota, uint32 period, bool open))',
]

export const getSubscription: AbiText<AbiItem<Abi, 'getSubscription'>> = [
  'function getSubscription(uint256 planId, address subscriber) view returns ((uint48 startedAt, uint32 periods, uint32 credited, uint32 usedPeriod, uint64 used, bool autoRenew))',
]

export const liabilities: AbiText<AbiItem<Abi, 'liabilities'>> = [
  'function liabilities(address token) view returns (uint256)',
]

export const paidUntil: AbiText<AbiItem<Abi, 'paidUntil'>> = [
  'function paidUntil(uint256 planId, address subscriber) view returns (uint256)',
]

export const planCount: AbiText<AbiItem<Abi, 'planCount'>> = [
  'function planCount() view returns (uint256)',
]

export const remainingQuota: AbiText<AbiItem<Abi, 'remainingQuota'>> = [
  'function remainingQuota(uint256 planId, address subscriber) view returns (uint256)',
]

export const renew: AbiText<AbiItem<Abi, 'renew'>> = [
  'function renew(uint256 planId, address subscriber)',
]

export const setAutoRenew: AbiText<AbiItem<Abi, 'setAutoRenew'>> = [
  'function setAutoRenew(uint256 planId, bool autoRenew)',
]

export const setMeter: AbiText<AbiItem<Abi, 'setMeter'>> = [
  'function setMeter(uint256 planId, address meter)',
]

export const subscribe: AbiText<AbiItem<Abi, 'subscribe'>> = [
  'function subscribe(uint256 planId, uint32 periods) payable',
]

export const withdraw: AbiText<AbiItem<Abi, 'withdraw'>> = [
  'function withdraw(address token) returns (uint256 amount)',
  'function withdraw(address token, address to) returns (uint256 amount)',
]

export const withdrawable: AbiText<AbiItem<Abi, 'withdrawable'>> = [
  'function withdrawable(address account, address token) view returns (uint256)',
]
