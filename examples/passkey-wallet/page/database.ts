/** Values of this page by key, kept by the browser. It holds Web Crypto keys without ever showing their private halves. */
export type Database = {
  get<value>(key: string): Promise<value | undefined>
  /** Resolves when the value outlives the page. */
  put(key: string, value: unknown): Promise<void>
  delete(key: string): Promise<void>
}

const store = 'values'

export async function openDatabase(name: string): Promise<Database> {
  const opening = indexedDB.open(name, 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore(store)
  const database = await resultOf(opening)
  // A request that has succeeded is kept only when its transaction is complete.
  const write = (change: (values: IDBObjectStore) => void) =>
    new Promise<void>((resolve, reject) => {
      const transaction = database.transaction(store, 'readwrite', { durability: 'strict' })
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(transaction.error)
      change(transaction.objectStore(store))
    })
  return {
    get: (key) => resultOf(database.transaction(store, 'readonly').objectStore(store).get(key)),
    put: (key, value) => write((values) => values.put(value, key)),
    delete: (key) => write((values) => values.delete(key)),
  }
}

function resultOf<result>(request: IDBRequest<result>): Promise<result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
