import {
  BundlerUnreachableError,
  FabstirError,
  InsufficientBalanceError,
  NodeUnavailableError,
  PaymasterUnreachableError,
  SessionKeyNotActiveError,
  SponsorRefusedError,
  SponsorUnauthorizedError,
  UserOperationTimeoutError,
  UserOperationUnansweredError,
} from '@fabstir/sdk'
import { formatEther, formatUnits } from 'viem'
import { ServerError } from './askServer.ts'

export type Explanation = { title: string; text: string }

/** An error in words for people. */
export function explain(error: unknown): Explanation {
  for (const link of causesOf(error)) {
    const explained = explainOne(link)
    if (explained) return explained
  }
  const message = error instanceof Error ? error.message : String(error)
  return { title: 'That did not work.', text: message.split('\n')[0] ?? message }
}

function explainOne(error: Error): Explanation | undefined {
  if (error instanceof DOMException) return explainPasskey(error)
  if (error instanceof ServerError)
    return { title: 'The server of this page refused.', text: error.message }
  if (!(error instanceof FabstirError)) return undefined
  if (error instanceof SponsorRefusedError) return explainRefusal(error)
  if (error instanceof SponsorUnauthorizedError)
    return {
      title: 'The sponsor does not know this app.',
      text: 'The API key of the server is missing, wrong or revoked. Nothing was sent.',
    }
  if (error instanceof SessionKeyNotActiveError)
    return {
      title: 'This key was revoked.',
      text: 'The account refuses whatever it signs. Nothing was sent.',
    }
  if (error instanceof InsufficientBalanceError)
    return {
      title: 'Not enough in the account.',
      text: `It takes ${formatUnits(error.required, 6)} USDC, and ${formatUnits(error.available, 6)} are there.`,
    }
  if (error instanceof BundlerUnreachableError) return unreachable('The bundler cannot be reached.')
  if (error instanceof PaymasterUnreachableError)
    return unreachable('The sponsor cannot be reached.')
  if (error instanceof NodeUnavailableError)
    return { title: 'The chain cannot be reached.', text: 'Try again in a moment.' }
  if (error instanceof UserOperationUnansweredError || error instanceof UserOperationTimeoutError)
    return {
      title: 'No answer yet.',
      text: `The operation ${error.hash} may still be included. Doing the same again sends that very operation, not a second one.`,
    }
  // What a key gave no signature for has its reason further down.
  if (error.name === 'KeySignatureError' && error.cause) return undefined
  return { title: 'That was refused.', text: error.shortMessage }
}

const unreachable = (title: string): Explanation => ({
  title,
  text: 'Nothing was sent. Try again in a moment.',
})

function explainPasskey({ name, message }: DOMException): Explanation | undefined {
  if (name === 'NotAllowedError' || name === 'AbortError')
    return {
      title: 'The passkey was not used.',
      text: 'The prompt was closed, or this device could not verify you by fingerprint, face or PIN. Nothing was sent.',
    }
  if (name === 'SecurityError')
    return {
      title: 'Passkeys do not work at this address.',
      text: 'Open the page over https, or as http://localhost.',
    }
  if (name === 'NotSupportedError' || name === 'ConstraintError')
    return { title: 'This device makes no passkeys that the account can verify.', text: message }
  return undefined
}

function explainRefusal({ rule, remaining, resetsAt }: SponsorRefusedError): Explanation {
  const left = remaining === undefined ? '' : ` ${formatWei(remaining)} of it are left.`
  const reset =
    resetsAt === undefined
      ? ''
      : ` It starts anew on ${new Date(resetsAt * 1000).toLocaleString('en')}.`
  return {
    title: 'The sponsor does not pay for this now.',
    text: `Its rule “${rule}” refused.${left}${reset} Nothing was sent.`,
  }
}

const formatWei = (text: string) => (/^\d+$/.test(text) ? `${formatEther(BigInt(text))} ETH` : text)

function causesOf(error: unknown): Error[] {
  const causes: Error[] = []
  for (let link = error; link instanceof Error && causes.length < 10; link = link.cause)
    causes.push(link)
  return causes
}
