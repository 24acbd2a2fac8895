import type { Address } from 'viem'
import { isAddressEqual } from 'viem'
import type { PriceNow } from '../policy/price.ts'
import type { Refusal } from '../policy/refusal.ts'
import { crossPrice, rateOf } from './tokenCharge.ts'
import type { TokenTerms, TokenValidation } from './tokenContract.ts'

/** A price of a feed that ends sooner than this is not quoted: the operation has to be signed and included before. Seconds. */
const leastValidity = 60

/** What this service knows of a token beside the contract. */
export type QuoteTerms = {
  /** Who signs quotes here; `undefined`: nobody. */
  signer: Address | undefined
  /** `undefined` of a token without a price in the configuration. */
  microUsdPerToken: bigint | undefined
  decimals: number
}

export type TokenPrice =
  | {
      kind: 'priced'
      source: 'feed' | 'quote'
      /** The token's smallest unit for 10^18 wei, without the markup. */
      price: bigint
      /** The same as it is charged. */
      rate: bigint
      /** Unix seconds at which the price of a feed ends. */
      validUntil: number | undefined
    }
  | { kind: 'refused'; refusal: Refusal }

/** The price at which an operation can be paid for in a token now, or the rule by which it cannot. */
export function priceToken(
  token: Address,
  terms: TokenTerms,
  quotes: QuoteTerms,
  ether: PriceNow,
  now: number,
): TokenPrice {
  const { source, markupBps } = terms
  if (source === 'none') return refuse('token.not-taken', `${token} is not taken for gas`)
  if (source === 'feed') {
    const { price, validAfter, validUntil } = terms
    if (price === 0n)
      return refuse('token.no-price', `the feeds of ${token} were not read yet (updatePrice)`)
    if (validUntil < now + leastValidity)
      return refuse(
        'token.price-stale',
        `the price of ${token} ends at ${validUntil}, and it is ${now}: at least ${leastValidity} s have to be left (updatePrice)`,
      )
    if (validAfter > now) {
      const stale = `the price of ${token} rests until ${validAfter}, and it is ${now}`
      return refuse('token.price-stale', stale, { resetsAt: validAfter })
    }
    return { kind: 'priced', source, price, rate: rateOf(price, markupBps), validUntil }
  }
  if (!quotes.signer || !isAddressEqual(quotes.signer, terms.quoteSigner)) {
    const ours = quotes.signer ? `of ${quotes.signer}` : 'without a key'
    return refuse(
      'token.no-quotes',
      `quotes of ${terms.quoteSigner} are taken for ${token}, and this service is ${ours}`,
    )
  }
  if (quotes.microUsdPerToken === undefined)
    return refuse('token.no-price', `the configuration has no price of ${token}`)
  if (ether.kind === 'stale') return refuse('token.price-stale', ether.reason)
  const price = crossPrice(ether.microUsdPerEther, quotes.microUsdPerToken, quotes.decimals)
  return { kind: 'priced', source, price, rate: rateOf(price, markupBps), validUntil: undefined }
}

/** Rules `token.balance` and `token.allowance`: what is taken before the operation has to be there and approved. */
export function checkFunds(
  { token, account, paymaster }: { token: Address; account: Address; paymaster: Address },
  { balance, allowance }: { balance: bigint; allowance: bigint },
  charge: bigint,
): Refusal | undefined {
  if (balance < charge) {
    const message = `${account} has ${balance} of ${token}, and ${charge} may be taken`
    return { rule: 'token.balance', message: `token.balance: ${message}`, remaining: balance }
  }
  if (allowance < charge) {
    const message = `${account} lets ${paymaster} take ${allowance} of ${token}, and ${charge} may be taken: approve or permit it before`
    return { rule: 'token.allowance', message: `token.allowance: ${message}`, remaining: allowance }
  }
  return undefined
}

/** Rules of what the contract itself refuses, by its errors. */
const contractRules: Readonly<Record<string, { rule: string }>> = {
  TokenPaymasterDeployingOperation: { rule: 'token.deploying' },
  TokenPaymasterPostOpGasLimit: { rule: 'token.post-op-gas' },
  TokenPaymasterTokenNotTaken: { rule: 'token.not-taken' },
  TokenPaymasterNoPrice: { rule: 'token.no-price' },
  TokenPaymasterPriceOutOfRange: { rule: 'token.price-range' },
  TokenPaymasterTransferMismatch: { rule: 'token.transfer' },
  ERC20InsufficientAllowance: { rule: 'token.allowance' },
  ERC20InsufficientBalance: { rule: 'token.balance' },
}
const otherRule = { rule: 'token.refused' }

/**
 * What the contract says to the operation.
 * @param isSigned Whether the quote has its signature; the stub's is nobody's.
 */
export function checkValidation(
  validation: TokenValidation,
  isSigned: boolean,
): Refusal | undefined {
  if (validation.kind === 'reverted') {
    const { error, args } = validation
    const { rule } = contractRules[error] ?? otherRule
    return { rule, message: `${rule}: the paymaster reverts with ${error}(${args.join(', ')})` }
  }
  if (isSigned && !validation.signed)
    return { rule: 'token.quote', message: 'token.quote: the paymaster does not take the quote' }
  return undefined
}

function refuse(
  rule: string,
  reason: string,
  more: Pick<Refusal, 'resetsAt'> = {},
): Extract<TokenPrice, { kind: 'refused' }> {
  return { kind: 'refused', refusal: { rule, message: `${rule}: ${reason}`, ...more } }
}
