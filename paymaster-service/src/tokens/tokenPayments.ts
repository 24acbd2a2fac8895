import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { priceAt } from '../policy/price.ts'
import type { Refusal } from '../policy/refusal.ts'
import type { PriceSource } from '../price/priceSource.ts'
import type { Signer } from '../signing/signer.ts'
import { OperationIncompleteError, SponsorshipRefusedError } from '../sponsorship/errors.ts'
import { stubWindow } from '../sponsorship/stub.ts'
import { chargeOf, entryPointGas, maxChargeOf, quotedRate } from './tokenCharge.ts'
import type { TokenContract, TokenInfo } from './tokenContract.ts'
import { checkTokenGas, tokenGasLimits } from './tokenGas.ts'
import type { PriceQuote } from './tokenPaymasterData.ts'
import { encodeTokenData, encodeTokenStub, quoteDigest } from './tokenPaymasterData.ts'
import type { TokenPrice } from './tokenRules.ts'
import { checkFunds, checkValidation, priceToken } from './tokenRules.ts'

export type TokenPaymentParameters = {
  chainId: number
  contract: TokenContract
  /** Tokens that are offered, and the prices in micro-USD of those without feeds. */
  tokens: readonly { address: Address; microUsd: bigint | undefined }[]
  /** Signs quotes. */
  signer: Signer | undefined
  /** Price of ether, and the age in seconds up to which it is used. */
  price: PriceSource
  priceMaxAge: number
  /** Unix seconds by this machine's clock. */
  clock: () => number
}

/** A TokenPaymaster with its EntryPoint. */
export type TokenPaymaster = { entryPoint: EntryPointAdapter; paymaster: Address }

export type TokenRequest = TokenPaymaster & {
  op: UserOperation
  token: Address
  /** Name of the app whose key asks. */
  app: string
}

/** What gas costs in a token. */
export type TokenQuote = TokenInfo & {
  token: Address
  /** Takes the tokens, and is to be approved. */
  paymaster: Address
  source: 'feed' | 'quote'
  /** The most that is taken, in the token's smallest unit for 10^18 wei. */
  exchangeRate: bigint
  /** Gas that is charged beside the limits of the operation. */
  postOpGas: bigint
  /** Price of ether in micro-USD; `undefined` while it is not known. */
  microUsdPerEther: bigint | undefined
  /** Unix seconds at which the price of a feed ends; a quote is made anew with each operation. */
  validUntil: number | undefined
}

export type TokenPaymasterData = {
  paymaster: Address
  paymasterData: Hex
  paymasterVerificationGasLimit: bigint
  paymasterPostOpGasLimit: bigint
}

export type TokenPayments = {
  /** What gas costs in each of the tokens, or why it cannot be paid in it. */
  quotes(
    payer: TokenPaymaster,
    tokens?: readonly Address[],
  ): Promise<readonly ({ quote: TokenQuote } | { token: Address; refusal: Refusal })[]>
  /**
   * Data of the final length and cost, for estimation.
   * @throws SponsorshipRefusedError for what the paymaster would not take.
   */
  stub(request: TokenRequest): Promise<TokenPaymasterData>
  /**
   * The final data. Nothing is reserved: the sender pays.
   * @throws SponsorshipRefusedError, OperationIncompleteError, NodeUnavailableError
   */
  data(request: TokenRequest): Promise<TokenPaymasterData>
}

/** Clocks of the chain and of this machine may differ by this much, seconds. */
const clockSkew = 60
/** TokenPaymaster takes quotes of ten minutes, {@link clockSkew} included. */
const quoteSeconds = 540

/** Gas paid in tokens, by TokenPaymaster: prices, quotes and data. */
export function createTokenPayments(parameters: TokenPaymentParameters): TokenPayments {
  const { chainId, contract, signer } = parameters
  const offered = new Map(parameters.tokens.map((token) => [token.address, token]))
  const infos = new Map<Address, Promise<TokenInfo>>()

  /** Name and decimals of a token do not change. */
  function infoOf(token: Address): Promise<TokenInfo> {
    const known = infos.get(token) ?? contract.info(token)
    infos.set(token, known)
    // What failed is asked again.
    known.catch(() => infos.delete(token))
    return known
  }

  async function readNow() {
    const [timestamp, ether] = await Promise.all([contract.blockTime(), parameters.price.priceOf()])
    const now = Math.max(parameters.clock(), timestamp)
    return { now, ether: priceAt(ether, now, parameters.priceMaxAge) }
  }

  async function priced(
    paymaster: Address,
    token: Address,
    { now, ether }: Awaited<ReturnType<typeof readNow>>,
  ): Promise<{ price: TokenPrice; info: TokenInfo | undefined }> {
    const known = offered.get(token)
    // Whatever else is listed at that address is not asked: it would be anybody's code.
    if (!known) return { price: notOffered(token), info: undefined }
    const [terms, info] = await Promise.all([contract.terms(paymaster, token), infoOf(token)])
    const quotes = {
      signer: signer?.address,
      microUsdPerToken: known.microUsd,
      decimals: info.decimals,
    }
    return { price: priceToken(token, terms, quotes, ether, now), info }
  }

  /** Everything that stub and final data have in common. */
  async function assess(request: TokenRequest) {
    const limits = tokenGasLimits(request.op)
    const gasRefusal = checkTokenGas(limits)
    if (gasRefusal) throw refused(gasRefusal)
    const moment = await readNow()
    const { price } = await priced(request.paymaster, request.token, moment)
    if (price.kind === 'refused') throw refused(price.refusal)
    const op: UserOperation = { ...request.op, ...limits, paymaster: request.paymaster }
    const window = {
      validAfter: moment.now - clockSkew,
      validUntil: moment.now + quoteSeconds,
    }
    return { op, limits, price, window }
  }

  async function validate(
    { entryPoint, paymaster, op }: TokenRequest,
    data: { paymasterData: Hex; limits: ReturnType<typeof tokenGasLimits>; isSigned: boolean },
  ): Promise<TokenPaymasterData> {
    const { paymasterData, limits, isSigned } = data
    const whole = { ...op, ...limits, paymaster, paymasterData }
    const maxCost = isSigned ? entryPoint.requiredPrefund(whole) : 0n
    const validation = await contract.validate(
      entryPoint.address,
      // Before gas is estimated nothing can be said about what is taken.
      isSigned ? whole : { ...whole, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n },
      maxCost,
    )
    const refusal = checkValidation(validation, isSigned)
    if (refusal) throw refused(refusal)
    return { paymaster, paymasterData, ...limits }
  }

  return {
    async quotes({ paymaster }, tokens = [...offered.keys()]) {
      const moment = await readNow()
      return Promise.all(
        tokens.map(async (token) => {
          const { price, info } = await priced(paymaster, token, moment)
          if (price.kind === 'refused') return { token, refusal: price.refusal }
          if (!info) return { token, refusal: notOffered(token).refusal }
          const { source, rate, validUntil } = price
          const { ether } = moment
          return {
            quote: {
              ...info,
              token,
              paymaster,
              source,
              exchangeRate: quotedRate(rate),
              postOpGas: entryPointGas,
              microUsdPerEther: ether.kind === 'fresh' ? ether.microUsdPerEther : undefined,
              validUntil,
            },
          }
        }),
      )
    },

    async stub(request) {
      const { limits, price, window } = await assess(request)
      const quote: PriceQuote | undefined =
        price.source === 'quote' ? { price: price.price, ...stubWindow(window) } : undefined
      const paymasterData = encodeTokenStub(request.token, quote)
      return validate(request, { paymasterData, limits, isSigned: false })
    },

    async data(request) {
      for (const field of ['verificationGasLimit', 'maxFeePerGas'] as const)
        if (request.op[field] === 0n) throw new OperationIncompleteError(field)
      const { op, limits, price, window } = await assess(request)
      const { token, paymaster } = request
      const prefund = request.entryPoint.requiredPrefund(op)
      const charge = chargeOf(prefund, op.maxFeePerGas, price.rate)
      const funds = await contract.funds(paymaster, token, op.sender)
      const refusal = checkFunds({ token, account: op.sender, paymaster }, funds, charge)
      if (refusal) throw refused(refusal)

      if (price.source === 'feed') {
        const paymasterData = encodeTokenData({ token, maxCharge: maxChargeOf(charge) })
        return validate(request, { paymasterData, limits, isSigned: true })
      }
      // Whoever priced it by a quote has a signer.
      if (!signer) throw refused(notOffered(token).refusal)
      const quote: PriceQuote = { price: price.price, ...window }
      const digest = quoteDigest({ chainId, paymaster }, { token, account: op.sender, quote })
      const signature = await signer.sign(digest)
      const paymasterData = encodeTokenData({
        token,
        maxCharge: charge,
        quote: { ...quote, signature },
      })
      return validate(request, { paymasterData, limits, isSigned: true })
    },
  }
}

function notOffered(token: Address): Extract<TokenPrice, { kind: 'refused' }> {
  const message = `token.not-taken: ${token} is not among the tokens of this service`
  return { kind: 'refused', refusal: { rule: 'token.not-taken', message } }
}

function refused(refusal: Refusal): SponsorshipRefusedError {
  return new SponsorshipRefusedError([{ ...refusal, policyId: undefined }])
}
