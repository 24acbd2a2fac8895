/** What is used of the package, which has no types of its own. */
declare module 'secp256k1/bindings.js' {
  const bindings: {
    ecdsaSign(digest: Uint8Array, key: Uint8Array): { signature: Uint8Array; recid: number }
  }
  export default bindings
}
