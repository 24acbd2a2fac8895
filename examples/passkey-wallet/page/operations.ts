import type { Hash } from 'viem'

/** What this page shows of an operation. Amounts in wei, as text. */
export type Operation = {
  id: string
  title: string
  signer: 'passkey' | 'key of this page' | 'host' | 'renter'
  state: 'pending' | 'done' | 'failed'
  /** What it waits for, or why it failed. */
  note: string
  hash?: Hash
  gasCost?: string
  payer?: 'sponsor' | 'you'
}

/** How many are kept. */
const most = 30

export type Operations = ReturnType<typeof createOperations>

/** Operations of an account, newest first: those of all tabs, once they have ended. */
export function createOperations(address: string, onChange: () => void) {
  const storageKey = `fabstir.operations.${address.toLowerCase()}`
  const stored = (): Operation[] => JSON.parse(localStorage.getItem(storageKey) ?? '[]')
  let pending: Operation[] = []

  const replace = (id: string, fields: Partial<Operation>) => {
    pending = pending.map((operation) =>
      operation.id === id ? { ...operation, ...fields } : operation,
    )
    onChange()
  }
  return {
    storageKey,
    all: (): readonly Operation[] => [...pending.toReversed(), ...stored()],
    start(title: string, signer: Operation['signer']) {
      const id = crypto.randomUUID()
      pending = [...pending, { id, title, signer, state: 'pending', note: 'Preparing' }]
      onChange()
      return {
        id,
        update: (fields: Partial<Operation>) => replace(id, fields),
        end(fields: Partial<Operation>) {
          const operation = pending.find((candidate) => candidate.id === id)
          pending = pending.filter((candidate) => candidate !== operation)
          if (operation)
            localStorage.setItem(
              storageKey,
              JSON.stringify([{ ...operation, ...fields }, ...stored()].slice(0, most)),
            )
          onChange()
        },
      }
    },
  }
}
