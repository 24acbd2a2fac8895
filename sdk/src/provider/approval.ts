import type { Address, Hex, TypedDataDefinition } from 'viem'
import type { AccountCall } from '../accounts/fabstir/executeData.ts'
import type { SessionPolicyParameters } from '../accounts/session/toSessionPolicy.ts'
import type { PermissionRequest, PermissionResponse } from './executionPermission.ts'

/** Paymaster service of an app (ERC-7677), which is to pay instead of the wallet's own. */
export type ForeignPaymaster = { url: string; context: Readonly<Record<string, unknown>> }

/**
 * What an app wants, for the user to say yes or no to. Values are copies: the app cannot change them while the user
 * looks at them.
 */
export type ApprovalRequest = {
  /** Who asks, as the provider was told. */
  origin: string | undefined
  chainId: number
  account: Address
} & (
  | {
      /** To see the account, and to ask for the rest. */
      type: 'connect'
      /** What is shown: the account of each chain. */
      accounts: readonly { chainId: number; account: Address }[]
    }
  | {
      type: 'signMessage'
      /** Bytes that are signed. */
      message: Hex
      /** The same as text, where it is UTF-8. */
      text: string | undefined
    }
  | { type: 'signTypedData'; typedData: TypedDataDefinition }
  | {
      /** All or none of the calls, as one User Operation. */
      type: 'sendCalls'
      calls: readonly AccountCall[]
      paymaster: ForeignPaymaster | undefined
    }
  | {
      /** Session keys of other parties, within policies (ERC-7715). All or none. */
      type: 'grantPermissions'
      permissions: readonly { request: PermissionRequest; policy: SessionPolicyParameters }[]
    }
  | { type: 'revokePermission'; permission: PermissionResponse }
)

/** Says whether the user agrees. Throwing is a no. */
export type Approve = (request: ApprovalRequest) => boolean | Promise<boolean>
