/** Words that the host has to say, whatever it is asked. */
const text = `This host runs no model: it stands where a GPU would, so that you can watch the money. Every word that you read
is counted as one token. When the answer is complete, this page co-signs the running count with a key that it made for
this session, and hands the voucher to the host. The host records it on chain, in an operation that its own sponsor
pays. Nobody trusts anybody: without your signature the host can prove nothing, and with it the host needs nothing else
from you. You saw no prompt for any of this, because the passkey has already said what this page may do: how many
operations, how much USDC, until when, and for which functions alone. Ask something else, or end the session and get
the rest of the deposit back.`

/** What the demo host answers. Deterministic: a prompt always gets the same answer. */
export function answerOf(prompt: string): string {
  return `You asked: “${prompt}” ${text.replaceAll('\n', ' ')}`
}
