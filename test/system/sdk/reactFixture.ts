import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { Window } from 'happy-dom'
import { createElement, type ReactNode, StrictMode } from 'react'

/** What React looks for in a page; put back by `close`. */
const globals = ['window', 'document'] as const

export type Page = {
  /**
   * Runs a hook in a component of a page of its own.
   * @param wrap What stands around the component.
   */
  render<result>(use: () => result, wrap: (children: ReactNode) => ReactNode): Rendered<result>
  /** Renders a component as it is. */
  mount(element: ReactNode): Mounted
  close(): Promise<void>
}

export type Rendered<result> = {
  /** What the hook returned last. */
  current(): result
  /** What React caught, when the component threw. */
  error(): unknown
  unmount(): void
}

export type Mounted = {
  text(): string
  /** Clicks the first element of a selector. */
  click(selector: string): void
}

/** A DOM for React's real renderer. */
export async function openPage(): Promise<Page> {
  const window = new Window()
  const scope = globalThis as Record<string, unknown>
  const before = globals.map((name) => [name, scope[name]] as const)
  Object.assign(scope, { window, document: window.document })
  const { createRoot } = await import('react-dom/client')
  const unmounts = new Set<() => void>()

  return {
    render<result>(use: () => result, wrap: (children: ReactNode) => ReactNode) {
      const returned: result[] = []
      let caught: unknown
      const container = window.document.createElement('div')
      const root = createRoot(container as never, {
        onUncaughtError: (error) => {
          caught = error
        },
      })
      const Probe = () => {
        returned.push(use())
        return null
      }
      const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } })
      root.render(
        createElement(
          StrictMode,
          null,
          createElement(QueryClientProvider, { client: queries }, wrap(createElement(Probe))),
        ),
      )
      const unmount = () => {
        unmounts.delete(unmount)
        root.unmount()
        queries.clear()
      }
      unmounts.add(unmount)
      return {
        current() {
          const last = returned.at(-1)
          if (last === undefined) throw caught ?? new Error('the component was not rendered')
          return last
        },
        error: () => caught,
        unmount,
      }
    },
    mount(element) {
      const container = window.document.createElement('div')
      const root = createRoot(container as never)
      root.render(element)
      const unmount = () => root.unmount()
      unmounts.add(unmount)
      return {
        text: () => container.textContent,
        click(selector) {
          const found = container.querySelector(selector)
          if (!found) throw new Error(`the page has no ${selector}`)
          found.dispatchEvent(new window.MouseEvent('click', { bubbles: true }))
        },
      }
    },
    async close() {
      for (const unmount of [...unmounts]) unmount()
      await window.happyDOM.close()
      for (const [name, value] of before)
        if (value === undefined) delete scope[name]
        else scope[name] = value
    },
  }
}
