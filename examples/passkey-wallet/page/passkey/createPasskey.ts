import { createWebAuthnCredential } from 'viem/account-abstraction'
import { type Passkey, rememberPasskey } from './passkey.ts'

/**
 * Has the device make a passkey: of P-256, to be found by this site without its id, and used by its verified user only.
 * @throws What the authenticator says, as the `cause`.
 */
export async function createPasskey(): Promise<Passkey> {
  const name = `Fabstir wallet, ${new Date().toLocaleDateString('en', { dateStyle: 'medium' })}`
  const { id, publicKey } = await createWebAuthnCredential({
    publicKey: {
      rp: { name: 'Fabstir passkey wallet', id: location.hostname },
      user: { id: randomBytes(), name, displayName: name },
      challenge: randomBytes(),
      pubKeyCredParams: [{ type: 'public-key', alg: es256 }],
      authenticatorSelection: {
        residentKey: 'required',
        requireResidentKey: true,
        userVerification: 'required',
      },
      attestation: 'none',
    },
  })
  const passkey = { id, publicKey }
  rememberPasskey(passkey)
  return passkey
}

/** COSE: ECDSA over P-256 with SHA-256. */
const es256 = -7

const randomBytes = () => crypto.getRandomValues(new Uint8Array(32))
