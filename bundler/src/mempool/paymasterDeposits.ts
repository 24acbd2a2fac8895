/** [EREP-010] The deposit must cover all pooled and in-flight operations of the paymaster together. Wei. */
export function depositCovers(deposit: bigint, reserved: bigint, prefund: bigint): boolean {
  return deposit >= reserved + prefund
}
