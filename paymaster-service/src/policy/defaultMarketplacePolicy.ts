import type { Address, Hash } from 'viem'
import type { PolicyDocument } from './policyDocument.ts'
import type { CapWindow } from './window.ts'

export type DefaultMarketplacePolicyParameters = {
  chainId: number
  entryPoints: readonly Address[]
  marketplace: Address
  registry: Address
  /** Where proofs of single jobs go. Without it they are not sponsored. */
  proofSystem?: Address
  fab: Address
  usdc: Address
  /** Account factories, one for each EntryPoint. */
  factories: readonly Address[]
  /** Hash of the proxies that the factories deploy, and the implementations behind them. */
  accounts: { codeHash: Hash; implementations: readonly Address[] }
  /** Budget of the whole policy in wei. */
  budgetWei: bigint
  /** How long the budget counts. Default `never`: it is spent once. */
  budgetWindow?: CapWindow
  /** EIP-7702 implementations. Default none. */
  delegates?: readonly Address[]
  /**
   * Most that one operation may cost, wei. Whoever bundles is paid what the operation offers: without
   * this bound one signature for a client that bundles itself could carry off the whole budget.
   */
  operationWei: bigint
  /** Highest `maxFeePerGas`, wei. */
  maxFeePerGas: bigint
  /** Most that the operations of one sender may cost or hold back in a day, wei. */
  userDayWei: bigint
  /**
   * Operations of one sender in a day, those that were signed and never sent among them: a sender that
   * asks and does not send uses itself up. Default 500, one in three minutes.
   */
  userDayCount?: number
  /** Default `marketplace`. */
  id?: string
}

/** Functions that take what they need by allowance, from what the marketplace owes, or nothing. */
const marketplaceFunctions = [
  'postJobWithToken((string,string,uint256,uint256,uint256,string),(uint256,uint256,uint256,bool),address,uint256)',
  'claimJob(uint256)',
  'abandonClaim(uint256)',
  'completeJob(uint256,string,bytes)',
  'submitResult(uint256,string)',
  'releasePayment(uint256)',
  'autoRelease(uint256)',
  'cancelJob(uint256)',
  'claimExpired(uint256)',
  'createSessionJobWithToken(address,address,uint256,uint256,uint256,uint256)',
  'createSessionFromDeposit((address,address,uint256,uint256,uint256,uint256,address,bytes32,uint8))',
  'setDefaultCoSigner(address)',
  'setCoSigner(uint256,address)',
  'submitCheckpoint(uint256,uint256,bytes32,bytes)',
  'submitProofOfWork(uint256,bytes,uint256)',
  'submitBatchProofs(uint256[],bytes[],uint256[])',
  'claimWithProof(uint256,bytes,uint256)',
  'settleSession(uint256)',
  'settleMany(uint256[])',
  'settleSessionWithVoucher(uint256,uint256,bytes32,bytes)',
  'completeSessionJob(uint256)',
  'completeSessionWithFinal(uint256,uint256,bytes)',
  'finalizeSession(uint256)',
  'claimAbandonedSession(uint256)',
  'triggerSessionTimeout(uint256)',
  'withdraw(address)',
  'withdrawAll(address[])',
]

/** Functions that take ETH, which is the user's. */
const payableFunctions = [
  'postJob((string,string,uint256,uint256,uint256,string),(uint256,uint256,uint256,bool),uint256)',
  'createJob(string,bytes32,uint256,uint256)',
  'createSessionJob(address,uint256,uint256,uint256,uint256)',
  'createSession((address,address,uint256,uint256,uint256,uint256,address,bytes32,uint8))',
  'createSessionWithQuote((address,address,uint256,uint256,uint256,uint256,address,bytes32,uint8),(address,uint256,bytes),bytes)',
  'depositPrepaid(address,uint256)',
]

const registryFunctions = [
  'registerNode(string)',
  'stake(uint256)',
  'requestUnstake(uint256)',
  'withdrawUnstaked()',
  'unregisterNode()',
  'updateMetadata(string)',
  'setAccepting(bool)',
  'setModels(bytes32[])',
  'setPrice(bytes32,address,uint256)',
  'setMaxSessions(uint256)',
]

const proofFunctions = ['submitProof(uint256,(uint256[],bytes,bytes32,bytes32,bytes32,bytes32))']

const accountFunctions = [
  'addSessionKey(address,uint48)',
  'addSessionKeyWithPolicy((address,uint48,uint48,uint32,(address,bytes4)[],(address,uint128,uint128)[],(address,bytes4,uint8,bytes32[])[],address[],uint128))',
  'revokeSessionKey(address)',
  'revokeAllSessionKeys()',
  'cancelGrant(bytes32)',
  'createJobViaAccount(string,bytes32,uint256,uint256)',
  'registerNodeViaAccount(string)',
]

/**
 * The policy of this marketplace: registering, posting, session and proof calls, withdrawals,
 * the token approvals they need, session keys of the account itself, and nothing else.
 */
export function defaultMarketplacePolicy({
  chainId,
  entryPoints,
  marketplace,
  registry,
  proofSystem,
  fab,
  usdc,
  factories,
  accounts,
  budgetWei,
  budgetWindow = 'never',
  delegates = [],
  userDayWei,
  userDayCount = 500,
  operationWei,
  maxFeePerGas,
  id = 'marketplace',
}: DefaultMarketplacePolicyParameters): PolicyDocument {
  const approval = ['approve(address,uint256)']
  return {
    schema: 1,
    id,
    version: 1,
    sponsor: { name: 'Fabstir marketplace' },
    chains: [chainId],
    entryPoints: [...entryPoints],
    caps: {
      global: { wei: `${budgetWei}`, window: budgetWindow },
      user: { window: 'day', wei: `${userDayWei}`, count: userDayCount },
      operation: { wei: `${operationWei}` },
    },
    maxFeePerGas: `${maxFeePerGas}`,
    factories: factories.map((address) => ({ address, shape: 'fabstir' })),
    delegates: delegates.map((address) => ({ address, shape: 'fabstir' })),
    accounts: [
      {
        shape: 'fabstir',
        codeHash: accounts.codeHash,
        implementations: [...accounts.implementations],
      },
    ],
    calls: [
      { target: marketplace, functions: marketplaceFunctions },
      { target: marketplace, functions: payableFunctions, maxValue: 'any' },
      // To others it would be a transfer like any, and ETH runs the code of whoever receives it.
      {
        target: marketplace,
        functions: ['withdraw(address,address)'],
        arguments: [{ index: 1, equals: 'account' }],
      },
      { target: registry, functions: registryFunctions },
      ...(proofSystem ? [{ target: proofSystem, functions: proofFunctions }] : []),
      { target: fab, functions: approval, arguments: [{ index: 0, equals: registry }] },
      { target: usdc, functions: approval, arguments: [{ index: 0, equals: marketplace }] },
      { target: 'account', functions: accountFunctions },
      {
        target: 'account',
        functions: ['claimJobViaSessionKey(address,uint256)'],
        arguments: [{ index: 0, equals: 'account' }],
      },
    ],
  }
}
