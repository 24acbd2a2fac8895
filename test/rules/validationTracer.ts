import type { Address, Hex } from 'viem'

/** One contract running in one call; `delegatecall` keeps the address. */
export type TracedFrame = {
  /** Position of the calling frame in the list; -1 of the transaction's own. */
  parent: number
  /** Whose storage it uses. */
  address: Address
  selector: Hex
  /** How often each opcode ran. */
  opcodes: Record<string, number>
  /** GAS that no call followed at once. */
  strayGas: number
  storage: { opcode: string; slot: Hex }[]
  /** Addresses that CALL and its kin or EXTCODE* named. */
  touched: { opcode: string; address: Address; value: boolean; selector: Hex }[]
  outOfGas: boolean
}

export type ValidationTrace = {
  frames: TracedFrame[]
  /** Inputs of KECCAK256: they tell whose mapping entries the slots are. */
  preimages: Hex[]
  failed: boolean
}

/**
 * Tracer in the JavaScript dialect of debug_traceCall. It sees steps only: a frame begins where the
 * depth grows, so a callee without code, a precompile for one, is a `touched` address and no frame.
 */
export const validationTracer = `{
  frames: [], path: [], calls: [], preimages: {}, pendingGas: [],
  hex: function (value) { var digits = value.toString(16); while (digits.length < 64) digits = '0' + digits; return '0x' + digits },
  addressOf: function (value) { return '0x' + this.hex(value).slice(26) },
  step: function (log) {
    var depth = log.getDepth(), op = log.op.toString()
    while (this.path.length > depth) this.path.pop()
    if (this.path.length < depth) {
      var input = toHex(log.contract.getInput())
      this.frames.push({
        parent: depth > 1 ? this.path[depth - 2] : -1, address: toHex(log.contract.getAddress()),
        selector: input.slice(0, 10), opcodes: {}, strayGas: 0, storage: [], touched: [], outOfGas: false,
      })
      this.path[depth - 1] = this.frames.length - 1
      this.pendingGas[depth] = false
    }
    var frame = this.frames[this.path[depth - 1]]
    frame.opcodes[op] = (frame.opcodes[op] || 0) + 1
    var isCall = op === 'CALL' || op === 'CALLCODE' || op === 'DELEGATECALL' || op === 'STATICCALL'
    if (this.pendingGas[depth] && !isCall) frame.strayGas++
    this.pendingGas[depth] = op === 'GAS'

    if (op === 'SLOAD' || op === 'SSTORE' || op === 'TLOAD' || op === 'TSTORE') {
      frame.storage.push({ opcode: op, slot: this.hex(log.stack.peek(0)) })
    } else if (isCall) {
      var sends = op === 'CALL' || op === 'CALLCODE'
      var at = sends ? 3 : 2
      var start = Number(log.stack.peek(at)), size = Number(log.stack.peek(at + 1))
      var selector = '0x'
      if (size >= 4) selector = toHex(log.memory.slice(start, start + 4))
      frame.touched.push({
        opcode: op, address: this.addressOf(log.stack.peek(1)),
        value: sends && this.hex(log.stack.peek(2)) !== this.hex(0), selector: selector,
      })
    } else if (op === 'EXTCODESIZE' || op === 'EXTCODEHASH' || op === 'EXTCODECOPY') {
      frame.touched.push({ opcode: op, address: this.addressOf(log.stack.peek(0)), value: false, selector: '0x' })
    } else if (op === 'KECCAK256' || op === 'SHA3') {
      var from = Number(log.stack.peek(0)), length = Number(log.stack.peek(1))
      if (length >= 32 && length <= 128) this.preimages[toHex(log.memory.slice(from, from + length))] = true
    }
  },
  fault: function () {},
  enter: function () { this.calls.push(this.frames.length) },
  exit: function (result) {
    var frame = this.frames[this.calls.pop()]
    if (frame && /gas/i.test(String(result.getError()))) frame.outOfGas = true
  },
  result: function (context) {
    return { frames: this.frames, preimages: Object.keys(this.preimages), failed: context.error !== undefined }
  },
}`
