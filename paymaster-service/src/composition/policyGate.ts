import type { ServiceConfig } from '../config/schema.ts'
import type { PolicyGate } from '../gate/policyGate.ts'
import { createPolicyGate } from '../gate/policyGate.ts'
import type { RequestCounter } from '../gate/requestCounter.ts'
import { createExchange } from '../webhooks/post.ts'

/** The gate of the options: willSponsor webhooks lead where other webhooks may. */
export function policyGateOf(
  {
    willSponsorSecrets,
    allowPrivateWebhooks,
  }: Pick<ServiceConfig, 'willSponsorSecrets' | 'allowPrivateWebhooks'>,
  { count, clock }: { count: RequestCounter; clock: () => number },
): PolicyGate {
  return createPolicyGate({
    secretOf: (id) => willSponsorSecrets[id],
    exchange: createExchange({ allowPrivate: allowPrivateWebhooks, keepAlive: true }),
    count,
    clock,
  })
}
