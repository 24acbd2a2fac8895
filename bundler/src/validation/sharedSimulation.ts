import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { createGathering } from '../chain/gathering.ts'
import type { ChainReader } from '../chain/reader.ts'
import { createRequestBatch } from '../chain/requestBatch.ts'
import { operationSize } from '../fields/operationSize.ts'
import type { Simulated, SimulatedValidation } from '../simulation/entryPointSimulation.ts'
import {
  MAX_SIMULATED_BYTES,
  MAX_SIMULATED_OPERATIONS,
  simulateTogether,
} from '../simulation/simulateTogether.ts'
import { simulateValidation } from '../simulation/simulateValidation.ts'
import { simulationOf } from '../simulation/simulations.ts'

/** With what an operation asks the node. */
export type SharedBody = {
  /** Requests of the turn that `ask` is called in leave in the body that is shared. */
  node: Pick<ChainReader, 'call' | 'request'>
  /** The validation of the operation. */
  simulated: Promise<Simulated<SimulatedValidation>>
}

/**
 * Asks the node for an operation, in a body that it shares with others of the same time.
 * @throws What `ask` throws, and RpcError -32000 `busy` when too many wait.
 */
export type SharedSimulation = <result>(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  ask: (body: SharedBody) => Promise<result>,
) => Promise<result>

type Seat = {
  /** Bytes. */
  size: number
  op: UserOperation
  entryPoint: EntryPointAdapter
  take: (body: SharedBody) => void
}

/** Bodies under way at one time: operations gather until the node has answered it. */
const MAX_UNDER_WAY = 1
/** Operations that wait; more are told to come back. */
const MAX_WAITING = 1_000

/**
 * Validates operations of the same time by one `eth_call` for each EntryPoint, in one body with all else that
 * is asked for them. Whatever that call does not decide is asked alone.
 */
export function createSharedSimulation(
  reader: Pick<ChainReader, 'call' | 'batch'>,
): SharedSimulation {
  const gather = createGathering<Seat>({
    underWay: MAX_UNDER_WAY,
    items: MAX_SIMULATED_OPERATIONS,
    size: MAX_SIMULATED_BYTES,
    waiting: MAX_WAITING,
    send(seats) {
      const node = createRequestBatch(reader)
      for (const group of Map.groupBy(seats, ({ entryPoint }) => entryPoint.address).values()) {
        const simulation = simulate(group, { node, reader })
        for (const seat of group) seat.take({ node, simulated: simulation(seat) })
      }
      // In the same body. What is asked alone afterwards keeps nobody waiting.
      return node.request('eth_blockNumber', [])
    },
  })

  return (op, entryPoint, ask) =>
    new Promise((resolve) => {
      const size = operationSize(entryPoint, op)
      gather({ size, op, entryPoint, take: (body) => resolve(ask(body)) })
    })
}

type Simulation = (seat: Seat) => Promise<Simulated<SimulatedValidation>>

/** @param nodes.reader Sends what it is asked in a body of its own. */
function simulate(
  seats: readonly Seat[],
  { node, reader }: Record<'node' | 'reader', Pick<ChainReader, 'call'>>,
): Simulation {
  const alone =
    (at: Pick<ChainReader, 'call'>): Simulation =>
    ({ op, entryPoint }) =>
      simulateValidation(op, entryPoint, at)
  const [first, second] = seats
  if (!first || !second) return alone(node)
  const ops = seats.map(({ op }) => op)
  const together = simulateTogether(ops, first.entryPoint, node)
  return async (seat) => {
    const result = (await together).get(seat.op)
    if (!result) return alone(reader)(seat)
    return simulationOf(seat.entryPoint).decodeSimulateValidation(result, seat.entryPoint)
  }
}
