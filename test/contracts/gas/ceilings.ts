/** What an operation may cost, and what it cost before. */
export type Ceiling = {
  operation: string
  /** Gas; contracts.md 2.11. Absent where the specification has no number. */
  ceiling?: number
  /** Gas of the public predecessor: its figures of September 2025 and January 2026. */
  predecessor?: string
  /** Why it is above its ceiling. A line that no longer holds fails, so that it is taken out. */
  above?: string
}

/** Every operation that is measured. */
export const ceilings: readonly Ceiling[] = [
  { operation: 'registerNode', ceiling: 160_000, predecessor: '233,715 / 383,866' },
  {
    operation: 'createSession ETH',
    ceiling: 120_000,
    predecessor: '363,409 / 335,114',
    above:
      'transaction 22,900, three new slots 66,300, proxies of marketplace and registry 9,400 and events 5,900 make 104,500; the host’s terms, limits, fees and the id take the rest',
  },
  {
    operation: 'submitCheckpoint first',
    ceiling: 45_000,
    predecessor: '249,428 / 381,189',
    above:
      'the first of its host in the token: its balance, where its open sessions are counted, is a new slot: 22,100',
  },
  {
    operation: 'submitCheckpoint following',
    ceiling: 45_000,
    predecessor: '181,028 / 270,298',
  },
  {
    operation: 'settleSession ETH first time',
    ceiling: 90_000,
    predecessor: '95,963 / 278,601',
  },
  {
    operation: 'settleSession ETH steady',
    ceiling: 60_000,
    predecessor: '95,963 / 227,301',
  },
  {
    operation: 'session of 50 prompts, 5 checkpoints',
    ceiling: 400_000,
    predecessor: '1,432,912',
    above: 'seven calls pay 4,700 each for the proxy, and the first checkpoint pays for a new slot',
  },
  { operation: 'settleSessionWithVoucher ETH', ceiling: 75_000 },
  {
    operation: 'session of 50 prompts, voucher only',
    ceiling: 200_000,
    predecessor: '1,432,912',
    above: 'two calls pay 4,700 each for the proxy',
  },
  { operation: 'createSession USDC', predecessor: '403,015 / 402,978' },
  {
    operation: 'settleSession USDC first time',
    ceiling: 110_000,
    predecessor: '132,062 / 305,442',
  },
  { operation: '50 single jobs', predecessor: '22,979,250' },
  {
    operation: 'grant default, direct',
    ceiling: 73_000,
  },
  {
    operation: 'grant default, as an op',
    ceiling: 132_000,
  },
  {
    operation: 'grant 1 target and 1 limit, direct',
    ceiling: 101_000,
    above: 'transaction 24,500, three new slots 66,300, the account’s proxy 4,700',
  },
  {
    operation: 'grant 1 target and 1 limit, as an op',
    ceiling: 160_000,
    above: 'as the direct grant, sponsored at that',
  },
  { operation: 'validation, owner EOA', ceiling: 12_000 },
  { operation: 'validation, owner P-256', ceiling: 18_500 },
  { operation: 'validation, owner WebAuthn', ceiling: 26_000 },
  { operation: 'validation, owner P-256, without the precompile' },
  { operation: 'validation, owner WebAuthn, without the precompile' },
  { operation: 'validation, owner EOA, 7702 delegate', ceiling: 12_000 },
  {
    operation: 'validation, session key, 1 call without money',
    ceiling: 24_000,
  },
  {
    operation: 'validation, session key, 1 token transfer',
    ceiling: 27_000,
    above: 'four slots take 14,300, the recovery of the key 3,100, the proxy 5,000',
  },
  {
    operation: 'validation, session key, approve + create',
    ceiling: 31_500,
  },
  { operation: 'validation, session key, 1 call without money, 7702 delegate', ceiling: 19_000 },
  {
    operation: 'validation, session key, 1 token transfer, 7702 delegate',
    ceiling: 22_000,
    above: 'four slots take 14,300, the recovery of the key 3,100',
  },
  { operation: 'validation, session key, approve + create, 7702 delegate', ceiling: 26_500 },
  { operation: 'sponsored instead of self-paid', ceiling: 14_500 },
  {
    operation: 'createSession ETH, sponsored op',
    ceiling: 225_000,
    above:
      'the co-signer is a key of the app and not the renter: a fourth new slot, 22,100; the proxies of marketplace and registry 9,400',
  },
  {
    operation: 'USDC approve + create, one sponsored op',
    ceiling: 265_000,
    above: 'the co-signer is a key of the app and not the renter: a new slot more, 22,100',
  },
  { operation: 'submitCheckpoint, sponsored op', ceiling: 135_000 },
  { operation: 'session of 50 prompts, every step gasless', ceiling: 1_150_000 },
  { operation: 'session of 50 prompts, voucher only, gasless' },
  {
    operation: 'bundle of 10 sponsored session ops, per op',
    ceiling: 58_000,
    above:
      'transaction 10,000, changed slots 15,700 (nonce, session, the node), read slots 6,500, events 4,400, contracts 3,600, two recovered keys 6,200 and the EntryPoint’s own computing 13,100 make 59,500',
  },
]
