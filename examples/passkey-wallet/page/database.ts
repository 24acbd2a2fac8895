/** Values of this page by key, kept by the browser. It holds Web Crypto keys without ever showing their private halves. */
export type Database = {
  get<value>(key: string): Promise<value | undefined>
  put(key: string, value: unknown): Promise<void>
  delete(key: string): Promise<void>
}

const store = 'values'

export async function openDatabase(name: string): Promise<Database> {
  const opening = indexedDB.open(name, 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore(store)
  const database = await resultOf(opening)
  const values = (mode: IDBTransactionMode) => database.transaction(store, mode).objectStore(store)
  return {
    get: (key) => resultOf(values('readonly').get(key)),
    put: async (key, value) => void (await resultOf(values('readwrite').put(value, key))),
    delete: async (key) => void (await resultOf(values('readwrite').delete(key))),
  }
}

function resultOf<result>(request: IDBRequest<result>): Promise<result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
