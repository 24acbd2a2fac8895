import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import type { ChainReader } from '../../chain/reader.ts'
import type { TransactionSender } from '../../chain/transactionSender.ts'
import type { Dispatch } from '../../rpc/dispatch.ts'
import type { Store } from '../../store/store.ts'
import type { Bundle } from '../../types/bundle.ts'
import type { Validator } from '../../validation/validate.ts'
import { aroundReader, methodOf } from '../around/aroundReader.ts'
import { aroundStore } from '../around/aroundStore.ts'
import { createBundleIndex } from './bundleIndex.ts'
import { journalAttributes } from './journalAttributes.ts'
import type { Spans } from './spans.ts'

type Admit = (op: UserOperation, entryPoint: EntryPointAdapter) => Promise<Hex>

/** Parts of a bundler, each running as a span. */
export type BundlerSpans = {
  reader(reader: ChainReader): ChainReader
  dryRunReader(reader: ChainReader): ChainReader
  store(store: Store): Store
  sender(sender: TransactionSender): TransactionSender
  validator(validator: Validator): Validator
  admit(admit: Admit, hashOf: (...args: Parameters<Admit>) => Hex): Admit
  produce(produce: () => Promise<Bundle[]>): () => Promise<Bundle[]>
  dispatch<D extends Dispatch>(dispatch: D): D
  close(): Promise<void>
}

/**
 * The spans of a bundler: `rpc …` → `admit` → `validate` → `node …`, and `produce` → `dryRun` → `node …`
 * and → `send`; `journal` within both. Operations are `userop.hash`, bundles `bundle.id`.
 */
export function bundlerSpans(spans: Spans): BundlerSpans {
  const bundles = createBundleIndex()

  return {
    // The poll of the head asks five times a second: only what belongs to something is a span.
    reader: (reader) =>
      aroundReader(reader, (call, work) =>
        spans.run(
          {
            name: `node ${methodOf(call)}`,
            attributes: { 'rpc.methods': call.requests.map(({ method }) => method) },
            onlyBelow: true,
          },
          work,
        ),
      ),
    dryRunReader: (reader) =>
      aroundReader(reader, (_, work) => spans.run({ name: 'dryRun', onlyBelow: true }, work)),
    store: (store) =>
      aroundStore(store, {
        commit(changes, work) {
          bundles.note(changes)
          return spans.run({ name: 'journal', attributes: journalAttributes(changes) }, work)
        },
        recovered: () => undefined,
        cleared: bundles.clear,
      }),
    sender: (sender) => ({
      send(transaction, context) {
        const { hash } = transaction
        const attributes = { 'transaction.hash': hash, 'bundle.id': bundles.idOf(hash) }
        return spans.run({ name: 'send', attributes }, async () => {
          const outcome = await sender.send(transaction, context)
          spans.annotate({ 'send.outcome': outcome.type })
          return outcome
        })
      },
    }),
    validator: (validator) => ({
      ...validator,
      validate: (...args) => spans.run({ name: 'validate' }, () => validator.validate(...args)),
    }),
    admit: (admit, hashOf) => (op, entryPoint) =>
      spans.run({ name: 'admit', attributes: { 'userop.sender': op.sender } }, () => {
        spans.annotate({ 'userop.hash': hashOf(op, entryPoint) })
        return admit(op, entryPoint)
      }),
    produce: (produce) => () =>
      // Set off by a request, whose trace ends with its answer.
      spans.run({ name: 'produce', root: true }, async () => {
        const sent = await produce()
        spans.annotate({
          'bundle.ids': sent.map(({ id }) => id),
          'userop.hashes': sent.flatMap(({ operations }) => operations),
        })
        return sent
      }),
    dispatch<D extends Dispatch>(dispatch: D): D {
      const traced: Dispatch = (method, ...rest) =>
        spans.run({ name: `rpc ${nameOf(method)}`, root: true }, () => dispatch(method, ...rest))
      return traced as D
    },
    close: spans.close,
  }
}

/** Names of methods come from anybody: only short words become names of spans. */
function nameOf(method: string): string {
  return /^\w{1,60}$/.test(method) ? method : 'unknown'
}
