import { KeySignatureError } from '../errors/key.ts'
import { within } from './within.ts'

/**
 * The signature of a key, when it gives one in time: a passkey's dialog or a device may wait for somebody.
 * @param milliseconds At most.
 * @throws {KeySignatureError} When it does not.
 */
export async function signedWithin<signature>(
  milliseconds: number,
  signing: Promise<signature>,
): Promise<signature> {
  try {
    return await within(milliseconds, signing)
  } catch (error) {
    if (!(error instanceof Error && error.name === 'TimeoutError')) throw error
    throw new KeySignatureError({ problem: `none within ${milliseconds} ms`, cause: error })
  }
}
