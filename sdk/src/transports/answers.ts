import { type Hex, isAddress, isHex } from 'viem'

/**
 * What is used of an answer to a method, when it makes sense; `undefined` when it does not.
 * @param params Of the request.
 */
export type ReadAnswer = (answer: unknown, params: readonly unknown[]) => unknown

type Fields = Readonly<Record<string, unknown>>

/**
 * Answers of a bundler (ERC-7769, `pimlico_*`) whose fields go into what the account signs, or decide what the
 * caller is told. The others pass.
 */
export const bundlerAnswers: Readonly<Record<string, ReadAnswer>> = {
  eth_estimateUserOperationGas: whole(
    (gas) =>
      [gas.preVerificationGas, gas.verificationGasLimit, gas.callGasLimit].every(isQuantity) &&
      [gas.paymasterVerificationGasLimit, gas.paymasterPostOpGasLimit].every(isQuantityOrNothing),
  ),
  pimlico_getUserOperationGasPrice: whole((prices) =>
    [prices.slow, prices.standard, prices.fast].every(
      (price) =>
        isFields(price) && isQuantity(price.maxFeePerGas) && isQuantity(price.maxPriorityFeePerGas),
    ),
  ),
  pimlico_getUserOperationStatus: whole(({ status }) => typeof status === 'string'),
  eth_getUserOperationReceipt: (answer, [hash]) =>
    answer === null || answer === undefined
      ? null
      : whole(
          ({ userOpHash, success, logs, receipt }) =>
            userOpHash === hash &&
            typeof success === 'boolean' &&
            Array.isArray(logs) &&
            isFields(receipt) &&
            Array.isArray(receipt.logs),
        )(answer, []),
}

/**
 * Answers of a paymaster service (ERC-7677). Only what the standard names is read: viem would copy any other field,
 * `callData` among them, into the operation that the account signs.
 */
export const paymasterAnswers: Readonly<Record<string, ReadAnswer>> = {
  pm_getPaymasterStubData: (answer) =>
    isFields(answer) && typeof (answer.isFinal ?? false) === 'boolean'
      ? readSponsorship(answer, { isFinal: answer.isFinal ?? false })
      : undefined,
  pm_getPaymasterData: (answer) => (isFields(answer) ? readSponsorship(answer, {}) : undefined),
}

/** An operation that nobody sponsors must not pass for a sponsored one: the account would pay. */
function readSponsorship(answer: Fields, others: Fields): Fields | undefined {
  const { paymaster, paymasterData, paymasterAndData } = answer
  // EntryPoint 0.6
  if (isHex(paymasterAndData) && isAddress(paymasterAndData.slice(0, 42), lax))
    return { paymasterAndData, ...others }
  if (typeof paymaster !== 'string' || !isAddress(paymaster, lax) || !isHex(paymasterData))
    return undefined
  const { paymasterVerificationGasLimit, paymasterPostOpGasLimit } = answer
  const limits = { paymasterVerificationGasLimit, paymasterPostOpGasLimit }
  if (!Object.values(limits).every(isQuantityOrNothing)) return undefined
  return { paymaster, paymasterData, ...limits, ...others }
}

const lax = { strict: false }

/** The answer as it is, when it has these fields. */
function whole(makesSense: (answer: Fields) => boolean): ReadAnswer {
  return (answer) => (isFields(answer) && makesSense(answer) ? answer : undefined)
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

/** The EntryPoint packs gas limits and fees into 128 bits. */
const isQuantity = (value: unknown): value is Hex =>
  typeof value === 'string' && /^0x[\da-f]{1,32}$/i.test(value)

const isQuantityOrNothing = (value: unknown) =>
  value === undefined || value === null || isQuantity(value)
