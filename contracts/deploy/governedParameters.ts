import {
  type Address,
  type Hex,
  pad,
  parseEther,
  parseUnits,
  toFunctionSelector,
  zeroAddress,
} from 'viem'

/** One bounded argument of a setter on the allow-list. */
export type GovernedValue = {
  /** What proposals call it; unique for its setter. */
  name: string
  /** Signature of the view that returns it; takes the key when the setter is keyed. */
  getter: string
  /** Word of the getter's return data, from 0. */
  getterWord: number
  /** In the setter's unit. */
  minimum: bigint
  maximum: bigint
}

/** Contracts with setters on the allow-list. */
export type GovernedContract =
  | 'marketplace'
  | 'registry'
  | 'reputation'
  | 'proofSystem'
  | 'dynamicPricing'
  | 'modelRegistry'
  | 'buyback'
  | 'timelock'
  | 'governor'

export type GovernedSetter = {
  contract: GovernedContract
  /** Signature with static arguments of one word each: the key first when there is one. */
  setter: string
  /** First argument as the ABI encodes it, where it chooses what is set. */
  key?: Hex
  values: readonly GovernedValue[]
}

/** `IParameterGuard.Parameter`, as `setParameters` takes it. */
export type GuardParameter = {
  target: Address
  selector: Hex
  keyed: boolean
  key: Hex
  values: readonly {
    name: string
    getter: Hex
    getterWord: number
    minimum: bigint
    maximum: bigint
  }[]
}

const minute = 60n
const hour = 60n * minute
const day = 24n * hour
const noKey: Hex = pad('0x')
const usd = (dollars: string) => parseUnits(dollars, 6)

/**
 * What an ordinary majority may set, and within which bounds. Setters of the timelock and the governor are here for
 * their bounds only: they stay 80 % matters. What is not here needs 80 % and has the bounds of its contract.
 */
export function governedSetters({ usdc }: { usdc: Address }): GovernedSetter[] {
  const tokens = [
    {
      symbol: 'ETH',
      key: pad(zeroAddress),
      amount: (eth: string, _usd: string) => parseEther(eth),
    },
    { symbol: 'USDC', key: pad(usdc), amount: (_eth: string, dollars: string) => usd(dollars) },
  ]
  // One function for each kind of work that the breaker limits; its aliases share the limit.
  const limited = [
    { work: 'jobs', signature: 'createJob(string,bytes32,uint256,uint256)' },
    { work: 'claims', signature: 'claimJob(uint256)' },
    { work: 'sessions', signature: 'createSessionJob(address,uint256,uint256,uint256,uint256)' },
  ]
  return [
    {
      contract: 'marketplace',
      setter: 'setFees(uint256,uint256)',
      values: [
        value('protocolFeeBps', 'fees()', 0n, 2_000n),
        value('stakersFeeBps', 'fees()', 0n, 1_000n, 1),
      ],
    },
    one('marketplace', 'closingWindow', 10n * minute, day),
    one('marketplace', 'reviewWindow', hour, 7n * day),
    one('marketplace', 'bonusReputation', 0n, 1_000n),
    {
      contract: 'marketplace',
      setter: 'setDisputeTerms(uint256,uint256)',
      values: [
        value('disputeBondBps', 'disputeTerms()', 10n, 1_000n),
        value('arbiterWindow', 'disputeTerms()', 7n * day, 30n * day, 1),
      ],
    },
    {
      contract: 'marketplace',
      setter: 'setFailureRules(uint256,uint256,uint256)',
      values: [
        value('failureThreshold', 'failureRules()', 3n, 1_000n),
        value('failureWindow', 'failureRules()', 10n * minute, 7n * day, 1),
        value('throttlePeriod', 'failureRules()', 10n * minute, day, 2),
      ],
    },
    {
      contract: 'marketplace',
      setter: 'setCircuitBreakerLevel(uint8)',
      values: [value('circuitBreakerLevel', 'circuitBreakerLevel()', 0n, 3n)],
    },
    ...limited.map(
      ({ work, signature }): GovernedSetter => ({
        contract: 'marketplace',
        setter: 'setRateLimit(bytes4,uint256,uint256)',
        key: pad(toFunctionSelector(signature), { dir: 'right' }),
        values: [
          value(`burst(${work})`, 'rateLimit(bytes4)', 1n, 10_000n),
          value(`window(${work})`, 'rateLimit(bytes4)', minute, day, 1),
        ],
      }),
    ),
    ...tokens.flatMap(({ symbol, key, amount }): GovernedSetter[] => [
      {
        contract: 'marketplace',
        setter: 'setTokenLimits(address,uint256,uint256)',
        key,
        values: [
          value(
            `minDeposit(${symbol})`,
            'tokenConfig(address)',
            amount('0.00001', '0.1'),
            amount('0.1', '100'),
            2,
          ),
          value(
            `maxDeposit(${symbol})`,
            'tokenConfig(address)',
            amount('1', '1000'),
            amount('10000', '10000000'),
            3,
          ),
        ],
      },
      {
        contract: 'marketplace',
        setter: 'setMaxPending(address,uint256)',
        key,
        values: [
          value(`maxPending(${symbol})`, 'maxPending(address)', 0n, amount('1000', '1000000')),
        ],
      },
      {
        contract: 'reputation',
        setter: 'setMinReputationFee(address,uint256)',
        key,
        values: [
          value(
            `minReputationFee(${symbol})`,
            'minReputationFee(address)',
            amount('0.000001', '0.01'),
            amount('0.01', '10'),
          ),
        ],
      },
      {
        contract: 'modelRegistry',
        setter: 'setMinimumPrices(address,uint96,uint96)',
        key,
        values: [
          value(`minPricePer1000(${symbol})`, 'minimumPrices(address)', 1n, amount('0.001', '1')),
          value(
            `minPricePerMinute(${symbol})`,
            'minimumPrices(address)',
            1n,
            amount('0.001', '1'),
            1,
          ),
        ],
      },
    ]),
    one('registry', 'minimumStake', parseEther('200'), parseEther('100000')),
    one('registry', 'unbondingPeriod', 5n * day, 30n * day),
    one('registry', 'jailPeriod', 0n, 30n * day),
    one('reputation', 'incentiveThreshold', 1n, 1_000n),
    one('proofSystem', 'challengeWindow', hour, 2n * day),
    one('proofSystem', 'revealWindow', hour, day),
    one('proofSystem', 'resolverWindow', hour, 4n * day),
    one('proofSystem', 'challengeBond', parseEther('1'), parseEther('1000')),
    one('proofSystem', 'challengeSlash', 0n, parseEther('1000')),
    {
      contract: 'dynamicPricing',
      setter: 'setCurve((uint16,uint16))',
      values: [
        value('kinkBps', 'curve()', 0n, 9_999n),
        value('maxSurgeBps', 'curve()', 10_000n, 30_000n, 1),
      ],
    },
    {
      contract: 'buyback',
      setter: 'setLimits((uint16,uint16,uint32,uint48,uint128))',
      values: [
        value('maxDeviationBps', 'limits()', 0n, 500n),
        value('burnBps', 'limits()', 0n, 10_000n, 1),
        value('maxAge', 'limits()', minute, day, 2),
        value('window', 'limits()', hour, 365n * day, 3),
        value('cap', 'limits()', 0n, usd('1000000'), 4),
      ],
    },
    {
      contract: 'timelock',
      setter: 'updateDelay(uint256)',
      values: [value('delay', 'getMinDelay()', 2n * day, 30n * day)],
    },
    one('governor', 'votingDelay', hour, 14n * day, 'uint48'),
    one('governor', 'votingPeriod', 3n * day, 30n * day, 'uint32'),
    one('governor', 'proposalThreshold', parseEther('1000'), parseEther('500000')),
    {
      contract: 'governor',
      setter: 'updateQuorumNumerator(uint256)',
      values: [value('quorumNumerator', 'quorumNumerator()', 4n, 30n)],
    },
  ]
}

/** The allow-list that the guard gets before the deployer renounces. */
export function governedParameters({
  addresses,
  usdc,
}: {
  addresses: Record<GovernedContract, Address>
  usdc: Address
}): GuardParameter[] {
  return governedSetters({ usdc }).map(({ contract, setter, key, values }) => ({
    target: addresses[contract],
    selector: toFunctionSelector(setter),
    keyed: key !== undefined,
    key: key ?? noKey,
    values: values.map((value) => ({ ...value, getter: toFunctionSelector(value.getter) })),
  }))
}

/** Setter `setX(uint256)` with getter `x()`. */
function one(
  contract: GovernedContract,
  name: string,
  minimum: bigint,
  maximum: bigint,
  type = 'uint256',
): GovernedSetter {
  const setter = `set${name.charAt(0).toUpperCase()}${name.slice(1)}(${type})`
  return { contract, setter, values: [value(name, `${name}()`, minimum, maximum)] }
}

function value(
  name: string,
  getter: string,
  minimum: bigint,
  maximum: bigint,
  getterWord = 0,
): GovernedValue {
  return { name, getter, getterWord, minimum, maximum }
}
