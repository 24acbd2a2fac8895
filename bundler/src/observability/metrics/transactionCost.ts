/** What a transaction receipt tells of its price; hex quantities. */
export type TransactionFields = Readonly<Record<string, unknown>>

/** Gas and wei that a transaction cost its sender, with the data fee of an OP-stack chain (`l1Fee`). */
export function transactionCost({ gasUsed, effectiveGasPrice, l1Fee }: TransactionFields): {
  gasUsed: bigint
  wei: bigint
} {
  const gas = quantity(gasUsed)
  return { gasUsed: gas, wei: gas * quantity(effectiveGasPrice) + quantity(l1Fee) }
}

/** The transaction receipt within the answer of `eth_getUserOperationReceipt`. */
export function transactionOf({
  receipt,
}: Readonly<Record<string, unknown>>): TransactionFields | undefined {
  return isObject(receipt) ? receipt : undefined
}

/** Wei that the EntryPoint paid to the beneficiary for one operation. */
export function actualGasCost(answer: Readonly<Record<string, unknown>>): bigint {
  return quantity(answer.actualGasCost)
}

function quantity(value: unknown): bigint {
  return typeof value === 'string' && /^0x[\da-f]+$/i.test(value) ? BigInt(value) : 0n
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
