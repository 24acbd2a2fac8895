/** Functions that open new work, by the name that the breaker knows; their aliases close with them. */
export const pausableFunctions = {
  postJob:
    'postJob((string,string,uint256,uint256,uint256,string),(uint256,uint256,uint256,bool),uint256)',
  claimJob: 'claimJob(uint256)',
  createSession:
    'createSession((address,address,uint256,uint256,uint256,uint256,address,bytes32,uint8))',
  registerNode: 'registerNode(string)',
} as const

export type PausableFunction = keyof typeof pausableFunctions

export const isPausable = (name: string): name is PausableFunction =>
  Object.hasOwn(pausableFunctions, name)

/** What a guardian wants the breaker to be. */
export type Response =
  /** Normal again, as far as guardians have stopped anything. */
  | { level: 0 }
  /** Every caller is throttled. */
  | { level: 1 }
  /** These functions are closed. */
  | { level: 2; functions: readonly PausableFunction[] }
  /** No new work. */
  | { level: 3; reason: string }

/** One call of {EmergencyGuardian}, without the breaker that it is about. */
export type GuardianCall =
  | { kind: 'setLevel'; level: 1 | 2 }
  | { kind: 'pauseFunction'; name: PausableFunction }
  | { kind: 'pause'; reason: string }
  | { kind: 'unpause' }

/**
 * The calls that lead from `present` to the wanted response, in their order. Functions are named before a higher level
 * is left, so that nothing opens in between.
 */
export function planResponse(wanted: Response, present: number): GuardianCall[] {
  switch (wanted.level) {
    case 0:
      return [{ kind: 'unpause' }]
    case 1:
      return [{ kind: 'setLevel', level: 1 }]
    case 2: {
      const named = wanted.functions.map((name): GuardianCall => ({ kind: 'pauseFunction', name }))
      return present > 2 ? [...named, { kind: 'setLevel', level: 2 }] : named
    }
    case 3:
      return [{ kind: 'pause', reason: wanted.reason }]
  }
}

export function describeCall(call: GuardianCall): string {
  switch (call.kind) {
    case 'setLevel':
      return `set the breaker to level ${call.level}`
    case 'pauseFunction':
      return `close ${call.name} and its aliases`
    case 'pause':
      return `stop all new work: ${call.reason}`
    case 'unpause':
      return 'end what guardians have stopped'
  }
}
