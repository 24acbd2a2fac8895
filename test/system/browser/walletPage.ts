import type { BrowserContext, CDPSession, Page } from 'playwright-core'

/** What the authenticator can do; one that verifies its user by default. */
export type AuthenticatorOptions = { hasUserVerification?: boolean }

/** A passkey with its private key, as DevTools hands it out. */
export type Credential = {
  credentialId: string
  isResidentCredential: boolean
  privateKey: string
  signCount: number
}

export type WalletPage = Awaited<ReturnType<typeof openWalletPage>>

/** A tab with the wallet, and an authenticator of its own in place of a finger. */
export async function openWalletPage(
  context: BrowserContext,
  url: string,
  { hasUserVerification = true }: AuthenticatorOptions = {},
) {
  const page = await context.newPage()
  // Two cores may have other work; an operation ends by itself long before.
  page.setDefaultTimeout(60_000)
  const problems = recordProblems(page)
  const requests = recordRequests(page)
  const cdp = await context.newCDPSession(page)
  const { authenticatorId, prompts } = await addAuthenticator(cdp, hasUserVerification)
  await page.goto(url)

  /** Presses a button and waits until the page has done it. */
  const press = async (name: string | RegExp) => {
    await page.getByRole('button', { name }).click()
    await page.locator('#status:empty').waitFor({ state: 'attached' })
  }
  return {
    page,
    /** Errors of scripts and in the console, and violations of the page's policy. */
    problems,
    /** JSON-RPC methods and paths of the server that were asked for. */
    requests,
    /** Ceremonies that the authenticator went through, by its own count. */
    prompts,
    press,
    /** Takes the picture of the whole page. */
    async takePicture(path: string) {
      await page.evaluate('scrollTo(0, 0)')
      await page.mouse.move(0, 0)
      await page.screenshot({ path, fullPage: true, animations: 'disabled' })
    },
    text: async (id: string) => (await page.locator(`#${id}`).textContent()) ?? '',
    address: async () => (await page.locator('#address').getAttribute('title')) as `0x${string}`,
    /** What an error message says; `undefined` when there is none. */
    async alert() {
      const alert = page.getByRole('alert')
      return (await alert.isVisible()) ? alert.locator('p').textContent() : undefined
    },
    credentials: async (): Promise<readonly Credential[]> =>
      (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    /** Puts a passkey into the authenticator, as a keychain does on another device. */
    async importCredentials(credentials: readonly Credential[]) {
      for (const credential of credentials)
        await cdp.send('WebAuthn.addCredential', { authenticatorId, credential })
    },
    /** From now on the user turns away, or is somebody else. */
    refuseUser: () =>
      cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false }),
    acceptUser: () =>
      cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true }),
  }
}

async function addAuthenticator(cdp: CDPSession, hasUserVerification: boolean) {
  await cdp.send('WebAuthn.enable', { enableUI: false })
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification,
      isUserVerified: hasUserVerification,
      automaticPresenceSimulation: true,
    },
  })
  const counts = { created: 0, asserted: 0 }
  cdp.on('WebAuthn.credentialAdded', () => {
    counts.created += 1
  })
  cdp.on('WebAuthn.credentialAsserted', () => {
    counts.asserted += 1
  })
  return { authenticatorId, prompts: counts }
}

function recordProblems(page: Page): string[] {
  const problems: string[] = []
  page.on('pageerror', ({ message }) => problems.push(message))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  return problems
}

function recordRequests(page: Page): string[] {
  const requests: string[] = []
  page.on('request', (request) => {
    if (request.method() !== 'POST') return
    const { method }: { method?: string } = request.postDataJSON() ?? {}
    requests.push(method ?? new URL(request.url()).pathname)
  })
  return requests
}
