/** A value that is made when it is asked for first, and kept. */
export function lazy<value>(make: () => value): () => value {
  let made: { value: value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
