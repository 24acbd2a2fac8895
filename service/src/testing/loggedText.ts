import { Writable } from 'node:stream'
import type { DestinationStream } from 'pino'

/** Text that `write` logs to the destination that it is given. */
export function loggedText(write: (destination: DestinationStream) => void): string {
  let text = ''
  write(
    new Writable({
      write(chunk, _, done) {
        text += chunk
        done()
      },
    }),
  )
  return text
}
