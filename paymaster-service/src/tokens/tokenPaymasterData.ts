import type { Address, Hash, Hex } from 'viem'
import { concat, hashTypedData, maxUint128, numberToHex } from 'viem'
import type { SignatureWindow } from '../ledger/ledger.ts'
import { stubSignature } from '../sponsorship/stub.ts'

/** A price of one account, in the token's smallest unit for 10^18 wei. */
export type PriceQuote = SignatureWindow & { price: bigint }

/** Parts of `paymasterData` of TokenPaymaster (ITokenPaymaster.sol). */
export type TokenData = {
  token: Address
  /** The most that may be taken before the operation, in the token's smallest unit. */
  maxCharge: bigint
  /** Of a token without feeds. */
  quote?: PriceQuote & { signature: Hex }
}

/** `paymasterData`: 36 bytes of a token with feeds, 129 of one with quotes. */
export function encodeTokenData({ token, maxCharge, quote }: TokenData): Hex {
  const charge = numberToHex(maxCharge, { size: 16 })
  if (!quote) return concat([charge, token])
  return concat([
    charge,
    token,
    numberToHex(quote.price, { size: 16 }),
    numberToHex(quote.validAfter, { size: 6 }),
    numberToHex(quote.validUntil, { size: 6 }),
    quote.signature,
  ])
}

/** Data for estimation: of the same length, with no more zero bytes than any final one at this price. */
export function encodeTokenStub(token: Address, quote: PriceQuote | undefined): Hex {
  const signed = quote && { ...quote, price: withoutZeros(quote.price), signature: stubSignature }
  return encodeTokenData({ token, maxCharge: maxUint128, ...(signed ? { quote: signed } : {}) })
}

/** The number with a 1 in place of each zero byte behind its first one: larger by less than a 254th. */
function withoutZeros(value: bigint): bigint {
  const bytes = numberToHex(value).slice(2)
  const whole = bytes.length % 2 === 0 ? bytes : `0${bytes}`
  return BigInt(`0x${whole.replaceAll(/../g, (byte) => (byte === '00' ? '01' : byte))}`)
}

/** EIP-712 digest of a quote that TokenPaymaster checks (`quoteHash`). */
export function quoteDigest(
  { chainId, paymaster }: { chainId: number; paymaster: Address },
  { token, account, quote }: { token: Address; account: Address; quote: PriceQuote },
): Hash {
  return hashTypedData({
    domain: {
      name: 'FabstirTokenPaymaster',
      version: '1',
      chainId,
      verifyingContract: paymaster,
    },
    types: {
      PriceQuote: [
        { name: 'token', type: 'address' },
        { name: 'account', type: 'address' },
        { name: 'price', type: 'uint128' },
        { name: 'validAfter', type: 'uint48' },
        { name: 'validUntil', type: 'uint48' },
      ],
    },
    primaryType: 'PriceQuote',
    message: {
      token,
      account,
      price: quote.price,
      validAfter: quote.validAfter,
      validUntil: quote.validUntil,
    },
  })
}
