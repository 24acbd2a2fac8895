import type { Address, Hex } from 'viem'

/** A rule of ERC-7715 that limits a permission. */
export type PermissionRule =
  | { type: 'expiry'; data: { timestamp: number } }
  | { type: 'payee'; data: { addresses: readonly Address[] } }

/** Amounts are hex quantities in the token's smallest unit. `perCall` is the total by default. */
export type PermissionSpend = { total: Hex; perCall?: Hex | undefined }

/** A scope of a session key as JSON: as `SessionScope`, with ids as hex quantities. */
export type PermissionScope =
  | string
  | { name: string; hosts: readonly Address[] }
  | { name: string; jobs: readonly Hex[] }
  | { name: string; sessions: readonly Hex[] }
  | { name: 'transfer'; token: 'usdc' | 'fab' | Address; to: readonly Address[] }

/** What is permitted. */
export type ExecutionPermission =
  | {
      /** Functions of the marketplace by the names of their scopes. */
      type: 'fabstir-session'
      isAdjustmentAllowed: boolean
      data: {
        scope: readonly PermissionScope[]
        spend?: { readonly [token: string]: PermissionSpend } | undefined
        /** Operations. */
        uses?: number | undefined
        justification?: string | undefined
      }
    }
  | {
      /** Transfers of a token to the recipients of the rule `payee`, up to an amount in all. */
      type: 'erc20-token-allowance'
      isAdjustmentAllowed: boolean
      data: { tokenAddress: Address; allowanceAmount: Hex; justification?: string | undefined }
    }

/** One item of `wallet_requestExecutionPermissions`. */
export type PermissionRequest = {
  /** Hex. */
  chainId: Hex
  /** The account; the connected one by default. */
  from?: Address | undefined
  /** The session key. */
  to: Address
  permission: ExecutionPermission
  /** `expiry` is required: a session key ends. */
  rules: readonly PermissionRule[]
}

/** What was granted: exactly what was asked for. */
export type PermissionResponse = PermissionRequest & {
  from: Address
  /** The grant: `toPermissionGrant` reads it. */
  context: Hex
  /** What deploys the account, until it is deployed. */
  dependencies: readonly { factory: Address; factoryData: Hex }[]
  /** None (decision 91): the key sends User Operations by the grant. */
  delegationManager: Address
}

/** Methods of ERC-7715 for viem's `EIP1193RequestFn`. */
export type ExecutionPermissionsRpcSchema = [
  {
    Method: 'wallet_requestExecutionPermissions'
    Parameters: readonly PermissionRequest[]
    ReturnType: readonly PermissionResponse[]
  },
  {
    Method: 'wallet_getSupportedExecutionPermissions'
    Parameters?: undefined
    ReturnType: { [type: string]: { chainIds: readonly Hex[]; ruleTypes: readonly string[] } }
  },
  {
    Method: 'wallet_getGrantedExecutionPermissions'
    Parameters?: undefined
    ReturnType: readonly PermissionResponse[]
  },
  {
    Method: 'wallet_revokeExecutionPermission'
    Parameters: readonly [{ permissionContext: Hex }]
    ReturnType: Record<string, never>
  },
]
