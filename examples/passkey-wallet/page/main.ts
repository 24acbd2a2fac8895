import { openDatabase } from './database.ts'
import { explain } from './explain.ts'
import { createPasskey } from './passkey/createPasskey.ts'
import { findPasskey } from './passkey/findPasskey.ts'
import type { Passkey } from './passkey/passkey.ts'
import { element } from './view/elements.ts'
import { render } from './view/render.ts'
import { connect, readConfig } from './wallet/connection.ts'
import { openWallet, type Wallet } from './wallet/wallet.ts'
import { emptyState, type WalletState } from './wallet/walletState.ts'

let state: WalletState = emptyState
let wallet: Wallet | undefined

function change(fields: Partial<WalletState>): void {
  state = { ...state, ...fields }
  render(state)
}

const config = await readConfig()
const client = connect(config)
const database = await openDatabase('fabstir-passkey-wallet')

const countPrompt = () => change({ prompts: state.prompts + 1 })

async function enter(passkey: Passkey): Promise<void> {
  wallet = await openWallet({
    ...{ client, config, database, passkey },
    onPrompt: countPrompt,
    onChange: change,
  })
  await wallet.refresh()
  change({ address: wallet.address })
  element('main').focus()
}

/** Runs one thing at a time; what goes wrong is said. */
async function run(busy: string, action: () => Promise<unknown>): Promise<void> {
  if (state.busy) return
  change({ busy, error: undefined })
  try {
    await action()
    change({ busy: undefined })
  } catch (error) {
    change({ busy: undefined, error: explain(error) })
  }
}

const onClick = (id: string, busy: string, action: () => Promise<unknown>) =>
  element(id).addEventListener('click', () => void run(busy, action))

onClick('create', 'Creating a passkey', async () => {
  countPrompt()
  await enter(await createPasskey())
})
onClick('sign-in', 'Signing in', async () => {
  countPrompt()
  await enter(await findPasskey(client))
})
onClick('faucet', 'Getting demo USDC', async () => wallet?.takeUsdc())
onClick('post-two', 'Posting two jobs', async () => wallet?.postJobs(2))
onClick('post-one', 'Posting a job', async () => wallet?.postJobs(1))
onClick('grant', 'Granting a key', async () => wallet?.grant())
onClick('revoke', 'Revoking the key', async () => wallet?.revoke())
onClick('use-revoked', 'Trying the revoked key', async () => wallet?.useRevoked())
onClick('open-session', 'Opening a session', async () => wallet?.openSession())
onClick('end-session', 'Ending the session', async () => wallet?.endSession())
onClick('register', 'Registering a host', async () => wallet?.registerHost())
onClick('work', 'Working on a job', async () => wallet?.work())
onClick('withdraw', 'Withdrawing', async () => wallet?.withdraw())
element('ask-form').addEventListener('submit', (event) => {
  event.preventDefault()
  const prompt = element<HTMLInputElement>('prompt').value
  void run('Asking the host', async () => wallet?.ask(prompt))
})
element('alert-close').addEventListener('click', () => change({ error: undefined }))
element('copy').addEventListener(
  'click',
  () => void navigator.clipboard.writeText(wallet?.address ?? ''),
)
element('sign-out').addEventListener('click', () => {
  wallet = undefined
  change({ ...emptyState, prompts: state.prompts })
  element('create').focus()
})
// Another tab has done something with the account.
window.addEventListener('storage', ({ key }) => {
  if (wallet && key === wallet.storageKey) void wallet.refresh()
})

render(state)
