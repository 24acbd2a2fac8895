import type { Address } from 'viem'
import { numberToHex } from 'viem'
import { SponsorshipRefusedError } from '../../sponsorship/errors.ts'
import type { TokenPaymaster, TokenPayments, TokenQuote } from '../../tokens/tokenPayments.ts'
import { parseQuoteParams, parseTokensParams } from '../schemas.ts'
import type { Method } from './methods.ts'
import { findEntryPoint } from './served.ts'

export type TokenMethodParameters = {
  chainId: number
  /** TokenPaymasters by their EntryPoints. */
  payers: readonly TokenPaymaster[]
  payments: TokenPayments
}

/** `pimlico_getTokenQuotes`, in the shape of permissionless, and `pm_getAcceptedPaymentTokens`. */
export function tokenMethods({
  chainId,
  payers,
  payments,
}: TokenMethodParameters): readonly (readonly [string, Method])[] {
  const payerOf = (params: { entryPoint: Address; chainId: number }) =>
    findEntryPoint({ chainId, served: payers }, params)
  return [
    [
      'pimlico_getTokenQuotes',
      async (params) => {
        const asked = parseQuoteParams(params)
        const answers = await payments.quotes(payerOf(asked), asked.tokens)
        const quotes = answers.flatMap((answer) => ('quote' in answer ? [answer.quote] : []))
        const [first, ...others] = answers.flatMap((answer) =>
          'refusal' in answer ? [{ ...answer.refusal, policyId: undefined }] : [],
        )
        // Clients take an empty list for a token that is not known: the rule says more.
        if (quotes.length === 0 && first) throw new SponsorshipRefusedError([first, ...others])
        return { quotes: quotes.map(formatQuote) }
      },
    ],
    [
      'pm_getAcceptedPaymentTokens',
      async (params) => {
        const answers = await payments.quotes(payerOf(parseTokensParams(params)))
        return {
          acceptedTokens: answers.flatMap((answer) =>
            'quote' in answer ? [formatToken(answer.quote)] : [],
          ),
        }
      },
    ],
  ]
}

function formatQuote({ paymaster, token, ...quote }: TokenQuote) {
  return {
    paymaster,
    token,
    postOpGas: numberToHex(quote.postOpGas),
    exchangeRate: numberToHex(quote.exchangeRate),
    // permissionless reads a number; a price that is not known costs no dollars.
    exchangeRateNativeToUsd: numberToHex(quote.microUsdPerEther ?? 0n),
  }
}

function formatToken({ token, name, symbol, decimals, source, validUntil, ...quote }: TokenQuote) {
  return {
    address: token,
    name,
    symbol,
    decimals,
    source,
    validUntil: validUntil ?? null,
    approve: quote.paymaster,
    ...formatQuote({ token, name, symbol, decimals, source, validUntil, ...quote }),
  }
}
