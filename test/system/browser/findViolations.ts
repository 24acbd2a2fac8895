import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** Rules of accessibility (WCAG 2 A and AA, and axe's best practices) that the page breaks, with the elements. */
export async function findViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  return page.evaluate<string[]>(`axe.run(document).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ': ' + target.join(' '))))`)
}
