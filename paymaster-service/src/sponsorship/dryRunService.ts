import type { DryRun } from '../policy/dryRun.ts'
import type { Refusal } from '../policy/refusal.ts'

/** A rule that remembers or asks. */
type ServiceRule = () => Promise<Refusal | undefined>

/** A dry run with the rules of a running service, the webhook only when nothing else refuses. */
export async function withService(
  run: DryRun,
  rules: { rate: ServiceRule; caps: ServiceRule; 'will-sponsor': ServiceRule },
): Promise<DryRun> {
  const verdicts = [
    ...run.verdicts,
    { rule: 'rate', refusal: await rules.rate() },
    { rule: 'caps', refusal: await rules.caps() },
  ]
  const refusal = verdicts.find((verdict) => verdict.refusal)?.refusal
  if (refusal) return { ...run, refusal, verdicts }
  const last = { rule: 'will-sponsor', refusal: await rules['will-sponsor']() }
  return { ...run, refusal: last.refusal, verdicts: [...verdicts, last] }
}
