/** A binary heap: the item that comes before all others is found at once, changes cost O(log n). */
export type Heap<T> = {
  size(): number
  peek(): T | undefined
  push(item: T): void
  pop(): T | undefined
  /** Takes other items in place of all that it has, in O(n). */
  fill(items: readonly T[]): void
}

/** @param before Whether `a` comes before `b`; never true both ways round. */
export function createHeap<T>(before: (a: T, b: T) => boolean): Heap<T> {
  let items: T[] = []

  const isBefore = (a: number, b: number) => {
    const [first, second] = [items[a], items[b]]
    return first !== undefined && second !== undefined && before(first, second)
  }

  function swap(a: number, b: number) {
    const [first, second] = [items[a], items[b]]
    if (first === undefined || second === undefined) return
    items[a] = second
    items[b] = first
  }

  function rise(from: number) {
    let index = from
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!isBefore(index, parent)) return
      swap(index, parent)
      index = parent
    }
  }

  function sink(from: number) {
    let index = from
    for (;;) {
      const left = 2 * index + 1
      const right = left + 1
      let first = index
      if (isBefore(left, first)) first = left
      if (isBefore(right, first)) first = right
      if (first === index) return
      swap(index, first)
      index = first
    }
  }

  return {
    size: () => items.length,
    peek: () => items[0],
    push(item) {
      items.push(item)
      rise(items.length - 1)
    },
    pop() {
      const top = items[0]
      const last = items.pop()
      if (items.length > 0 && last !== undefined) {
        items[0] = last
        sink(0)
      }
      return top
    },
    fill(given) {
      items = [...given]
      for (let index = (items.length >> 1) - 1; index >= 0; index--) sink(index)
    },
  }
}
