import type { Alert } from './alerts.ts'
import type { Metric } from './metrics.ts'

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign)

/** A page for people: alerts first, then every metric. Loads itself again every ten seconds. */
export function renderPage({
  chainId,
  metrics,
  alerts,
}: {
  chainId: number
  metrics: readonly Metric[]
  alerts: readonly Alert[]
}): string {
  const rows = metrics.flatMap(({ name, help, samples }) =>
    samples.map(({ labels = {}, value }) => {
      const suffix = Object.entries(labels)
        .map(([key, text]) => ` ${key} ${text}`)
        .join('')
      return `<tr><td title="${escapeHtml(name)}">${escapeHtml(help + suffix)}</td><td class="value">${value}</td></tr>`
    }),
  )
  const list =
    alerts.length === 0
      ? '<p class="calm">No alerts.</p>'
      : `<ul>${alerts.map(({ severity, text }) => `<li class="${severity}">${escapeHtml(text)}</li>`).join('')}</ul>`
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="10">
<meta name="viewport" content="width=device-width">
<title>Marketplace on chain ${chainId}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 46rem; padding: 0 1rem; color: #1d2330; background: #fff }
h1 { font-size: 1.3rem } table { border-collapse: collapse; width: 100% }
td { border-bottom: 1px solid #dde1e8; padding: .3rem 0 } .value { text-align: right; font-variant-numeric: tabular-nums }
li { margin: .2rem 0 } .critical { color: #b3261e; font-weight: 600 } .warning { color: #8a5300 } .calm { color: #1b6e3c }
@media (prefers-color-scheme: dark) {
  body { color: #e4e7ee; background: #14171d } td { border-color: #313743 }
  .critical { color: #ff8a80 } .warning { color: #ffc166 } .calm { color: #7ddba0 }
}
</style>
<h1>Marketplace on chain ${chainId}</h1>
<section aria-label="Alerts">${list}</section>
<table>${rows.join('\n')}</table>
<p><a href="/metrics">metrics</a> · <a href="/alerts">alerts</a> · <a href="/health">health</a></p>
</html>
`
}
