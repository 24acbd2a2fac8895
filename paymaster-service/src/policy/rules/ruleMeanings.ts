/**
 * Every rule that can refuse, in the order in which they are asked, and what it means. The ids are part
 * of the public interface; docs/paymaster.md has this table.
 */
export const ruleMeanings: Readonly<Record<string, string>> = {
  'key.unknown': 'There is no such API key.',
  'key.revoked': 'The key was revoked.',
  'key.expired': 'The end of the key has come.',
  'key.app-disabled': 'The app of the key is disabled.',
  'key.method': 'The key may not call the method.',
  'key.origin':
    'The key may not be used from the HTTP Origin of the request, or from outside a page.',
  'key.rate': 'The key has made the requests that it has in its window, whatever they asked.',
  'policy.unknown': 'The key has no policy of that name.',
  'policy.none': 'The key has no policy.',
  'gas.paymaster-verification':
    '`paymasterVerificationGasLimit` of the operation is above what the service signs.',
  'gas.paymaster-post-op':
    '`paymasterPostOpGasLimit` of the operation is above what the service signs.',
  'parallel.terms':
    '`context.parallelSigning` is set and `paymasterData` is not what the stub was for a policy in force.',
  'parallel.window':
    '`context.parallelSigning` is set and the window in `paymasterData` is over, or another than was offered.',
  'token.not-taken': 'The token does not pay for gas, here or by the TokenPaymaster.',
  'token.no-price':
    'The token has no price: its feeds were not read, or the configuration has none.',
  'token.no-quotes': 'The TokenPaymaster takes the quotes of another signer.',
  'token.price-stale':
    'The price of the token or of ether is too old, or rests after an outage of the sequencer (`resetsAt`).',
  'token.price-range': 'The price is outside of what governance allows.',
  'token.verification-gas': '`paymasterVerificationGasLimit` is above what is given data.',
  'token.post-op-gas': '`paymasterPostOpGasLimit` is too little for the refund, or too much.',
  'token.deploying': 'An operation that deploys its sender cannot pay in a token.',
  'token.balance':
    'The sender has less of the token than may be taken; `remaining` is what it has.',
  'token.allowance':
    'The sender lets the TokenPaymaster take less than may be taken; `remaining` is what it lets.',
  'token.transfer': 'The token moves another amount than it is asked to.',
  'token.quote': 'The TokenPaymaster does not take the quote of this service.',
  'token.refused':
    'The TokenPaymaster or the token reverts for another reason, which is in the message.',
  'chain.not-allowed': 'The chain is not in `chains`.',
  'entry-point.not-allowed': 'The EntryPoint is not in `entryPoints`.',
  'time.not-started': '`time.from` is still to come; `resetsAt` is that second.',
  'time.ended': '`time.until` is over.',
  'origin.missing': '`origins` is given and the request has no HTTP Origin.',
  'origin.not-allowed': 'The HTTP Origin of the request is not in `origins`.',
  'sender.denied': 'The sender is in `senders.deny`.',
  'sender.not-allowed': '`senders.allow` is given without the sender.',
  'gas.max-fee': '`maxFeePerGas` of the operation is above that of the document.',
  'gas.limit': 'The operation asks for more gas of one kind than `gasLimits` has.',
  'gas.unused':
    'More than `unusedGas.maxPercent` of the gas limits is above the estimate of the operation.',
  'gas.unused-before':
    "The sender's included operations in the window left more than `unusedGas.maxPercent` of their gas limits unused; `resetsAt` is when the oldest of them is forgotten.",
  'factory.denied': 'The factory is in `deniedFactories`.',
  'factory.unknown': 'The factory is not in `factories`.',
  'factory.data':
    'The data of the factory is not certain to make an account that reads its call data as its shape does.',
  'delegate.unknown': 'The EIP-7702 delegate of the sender is not in `delegates`.',
  'account.unknown':
    'The code of the sender is not in `accounts`, or it is not deployed and not what a listed factory makes.',
  'validator.unknown':
    'A Kernel or ERC-7579 account is signed for by a module that is not in `validators` or by a permission, has a hook, or would install modules with its signature.',
  'session-key.unknown':
    '`sessionKeys` is given and the nonce does not say whose key signs, as in a plain ERC-7821 account.',
  'session-key.denied': 'The key, or the owner, is in `sessionKeys.deny`.',
  'session-key.not-allowed': '`sessionKeys.allow` is given without the key, or without the owner.',
  'calls.not-decodable':
    'The call data is not certain to be understood as an account of this shape understands it.',
  'calls.empty': 'The operation calls nothing and deploys nothing.',
  'calls.nested': 'A call of the account to itself holds calls of its own.',
  'calls.not-allowed': 'No entry of `calls` has the target and function of a call.',
  'calls.argument':
    'An argument of a call breaks the conditions of every entry, or the arguments are not canonically encoded.',
  'calls.value': 'A call carries more ETH than `maxValue`.',
  'rate.key':
    'The API key has made `rate.key.requests` requests in the window that the rules before agree to.',
  'rate.user': 'The sender has been named in `rate.user.requests` requests in the window.',
  'operation.cap': 'The operation may cost more than `caps.operation.wei`.',
  'operation.count': 'The operation makes more calls than `caps.operation.count`.',
  'usd.stalePrice': 'A cap is in USD, and there is no price of ether that is fresh enough.',
  'operation.usd': 'The operation may cost more than `caps.operation.usd`.',
  'user.count': 'The sender has had `caps.user.count` operations in the window.',
  'user.cap': 'The operation would bring the sender above `caps.user.wei` in the window.',
  'user.usd': 'The operation would bring the sender above `caps.user.usd` in the window.',
  'global.count': 'The policy has had `caps.global.count` operations in the window.',
  'global.cap': 'The operation would bring the policy above `caps.global.wei` in the window.',
  'global.usd': 'The operation would bring the policy above `caps.global.usd` in the window.',
  'deposit.low':
    "The paymaster's deposit does not pay for more than what is signed already, over all policies.",
  'nonce.used': 'The nonce was charged for already.',
  'nonce.replacements':
    'Different operations of this sender and nonce have 16 live signatures, or 128 within a day.',
  'will-sponsor.no-secret': 'The document names a webhook for which no secret is configured.',
  'will-sponsor.unavailable':
    'The webhook gave no answer in time, another HTTP status than 200, or too long an answer.',
  'will-sponsor.invalid': 'The answer of the webhook is not `{"sponsor": true}` or `false`.',
  'will-sponsor.refused': 'The webhook said no; its reason is in the message.',
}
