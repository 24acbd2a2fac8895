import type { AccountFields, StateManagerInterface } from '@ethereumjs/common'
import type { Address as EvmAddress } from '@ethereumjs/util'
import { Account, bytesToHex, hexToBytes } from '@ethereumjs/util'
import type { Address, Hex } from 'viem'
import { keccak256 } from '../../state/keccak256.ts'
import { emptyCodeHash, zeroWord } from '../../state/stateKey.ts'
import type { StateView } from '../../state/stateView.ts'

/**
 * State of one run for `@ethereumjs/evm`: reads go to a `StateView`, writes stay here and can be undone.
 * Only what an EVM asks for is there.
 */
export class RunState implements StateManagerInterface {
  readonly #base: StateView
  readonly #accounts = new Map<string, Account | undefined>()
  readonly #codes = new Map<string, Uint8Array>()
  readonly #slots = new Map<string, Uint8Array>()
  /** Accounts whose storage the run began anew: the chain's slots of them do not count. */
  readonly #cleared = new Set<string>()
  /** What brings back the value before each write, in the order of the writes. */
  readonly #undo: (() => void)[] = []
  readonly #checkpoints: number[] = []

  constructor(base: StateView) {
    this.#base = base
  }

  /** Size of the code at an address now, as EXTCODESIZE has it: 23 bytes with a delegation. */
  codeSizeOf(address: Address): number {
    const codeHash = bytesToHex(this.#account(address)?.codeHash ?? hexToBytes(emptyCodeHash))
    return codeHash === emptyCodeHash ? 0 : this.#code(address, codeHash).length
  }

  /** Whether a slot holds what the call wrote: what was undone by a revert does not count. */
  isWritten(address: Address, slot: Hex): boolean {
    return this.#slots.has(address + slot)
  }

  /** [EIP-2200] The value before the call; zero of an account that the call creates. */
  originalSlot(address: Address, slot: Hex): Hex {
    return this.#cleared.has(address) ? zeroWord : this.#base.slot(address, slot)
  }

  async getAccount(address: EvmAddress): Promise<Account | undefined> {
    const account = this.#account(address.toString())
    // The EVM writes into what it is given before it decides whether to keep it.
    return account && copyOf(account)
  }

  async putAccount(address: EvmAddress, account?: Account): Promise<void> {
    this.#set(this.#accounts, address.toString(), account && copyOf(account))
  }

  async deleteAccount(address: EvmAddress): Promise<void> {
    this.#set(this.#accounts, address.toString(), undefined)
  }

  async modifyAccountFields(address: EvmAddress, fields: AccountFields): Promise<void> {
    const account = (await this.getAccount(address)) ?? new Account()
    await this.putAccount(address, Object.assign(account, fields))
  }

  async getCode(address: EvmAddress): Promise<Uint8Array> {
    const account = this.#account(address.toString())
    return account?.isContract()
      ? this.#code(address.toString(), bytesToHex(account.codeHash))
      : new Uint8Array()
  }

  async getCodeSize(address: EvmAddress): Promise<number> {
    return this.codeSizeOf(address.toString())
  }

  async putCode(address: EvmAddress, code: Uint8Array): Promise<void> {
    const codeHash = code.length === 0 ? emptyCodeHash : keccak256(code)
    // What a hash stands for never changes, so there is nothing to undo.
    this.#codes.set(codeHash, code)
    const account = (await this.getAccount(address)) ?? new Account()
    account.codeHash = hexToBytes(codeHash)
    await this.putAccount(address, account)
  }

  async getStorage(address: EvmAddress, key: Uint8Array): Promise<Uint8Array> {
    const slot = bytesToHex(key)
    const written = this.#slots.get(address.toString() + slot)
    if (written) return written
    if (this.#cleared.has(address.toString())) return new Uint8Array()
    return hexToBytes(this.#base.slot(address.toString(), slot))
  }

  async putStorage(address: EvmAddress, key: Uint8Array, value: Uint8Array): Promise<void> {
    this.#set(this.#slots, address.toString() + bytesToHex(key), value)
  }

  async clearStorage(address: EvmAddress): Promise<void> {
    const name = address.toString()
    if (!this.#cleared.has(name)) {
      this.#cleared.add(name)
      this.#undo.push(() => this.#cleared.delete(name))
    }
    for (const key of this.#slots.keys()) {
      if (key.startsWith(name)) this.#set(this.#slots, key, new Uint8Array())
    }
  }

  async checkpoint(): Promise<void> {
    this.#checkpoints.push(this.#undo.length)
  }

  async commit(): Promise<void> {
    this.#checkpoints.pop()
  }

  async revert(): Promise<void> {
    const mark = this.#checkpoints.pop() ?? 0
    while (this.#undo.length > mark) this.#undo.pop()?.()
  }

  readonly originalStorageCache = {
    get: async (address: EvmAddress, key: Uint8Array): Promise<Uint8Array> =>
      hexToBytes(this.originalSlot(address.toString(), bytesToHex(key))),
    clear: () => {},
  }

  getStateRoot(): Promise<Uint8Array> {
    return unsupported()
  }

  setStateRoot(): Promise<void> {
    return unsupported()
  }

  hasStateRoot(): Promise<boolean> {
    return unsupported()
  }

  clearCaches(): void {}

  shallowCopy(): StateManagerInterface {
    return new RunState(this.#base)
  }

  #account(address: Address): Account | undefined {
    if (this.#accounts.has(address)) return this.#accounts.get(address)
    const { balance, nonce, codeHash } = this.#base.account(address)
    const account =
      balance === 0n && nonce === 0n && codeHash === emptyCodeHash
        ? undefined
        : new Account(nonce, balance, undefined, hexToBytes(codeHash), null)
    this.#accounts.set(address, account)
    return account
  }

  #code(address: Address, codeHash: Hex): Uint8Array {
    const code = this.#codes.get(codeHash) ?? this.#base.code(address, codeHash)
    this.#codes.set(codeHash, code)
    return code
  }

  #set<T>(map: Map<string, T>, key: string, value: T): void {
    const before = map.get(key)
    const existed = map.has(key)
    this.#undo.push(() => {
      if (existed) map.set(key, before as T)
      else map.delete(key)
    })
    map.set(key, value)
  }
}

function copyOf({ nonce, balance, storageRoot, codeHash }: Account): Account {
  return new Account(nonce, balance, storageRoot, codeHash, null)
}

function unsupported(): never {
  throw new Error('the state of a run has no root')
}
