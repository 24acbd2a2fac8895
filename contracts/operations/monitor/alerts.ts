import type { Incident } from './incidents.ts'

/** What the rules look at. */
export type Health = {
  failures: number
  successes: number
  suspicious: number
  /** Unix seconds; 0 when there was none. */
  lastIncident: number
  breakerLevel: number
  incidents: readonly Incident[]
}

export type Alert = {
  /** Stable: the same condition keeps it. */
  id: string
  severity: 'warning' | 'critical'
  text: string
}

const hour = 3_600

/** Rules of mission rows 165 and 202; each is looked at alone. */
export function alertsOf(health: Health, now: number): Alert[] {
  const { failures, successes, suspicious, lastIncident, breakerLevel, incidents } = health
  const alerts: Alert[] = []
  if (failures * 10 > successes) {
    alerts.push({
      id: 'failures',
      severity: 'critical',
      text: `${failures} failures against ${successes} successes: more than one in ten`,
    })
  }
  if (lastIncident !== 0 && now - lastIncident < hour) {
    const minutes = Math.max(0, Math.floor((now - lastIncident) / 60))
    alerts.push({
      id: 'incident',
      severity: 'warning',
      text: `last incident ${minutes} minutes ago`,
    })
  }
  if (suspicious > 10) {
    alerts.push({
      id: 'suspicious',
      severity: 'critical',
      text: `${suspicious} suspicious activities, more than 10`,
    })
  }
  if (breakerLevel > 0) {
    alerts.push({
      id: 'breaker',
      severity: breakerLevel > 1 ? 'critical' : 'warning',
      text: `circuit breaker at level ${breakerLevel}`,
    })
  }
  for (const { kind, event, subject } of incidents) {
    alerts.push({
      id: `${event}:${subject}`,
      severity: 'warning',
      text: `${kind} waits for a decision: ${event}, ${subject}`,
    })
  }
  return alerts
}
