/**
 * Tracer in the JavaScript dialect of `debug_traceCall`, for geth and for what follows it (anvil, reth).
 * Opcodes go by number, because nodes disagree on names. The frame is the one that was entered last;
 * `getCost()` is not asked (anvil answers with the previous opcode's), so running out of gas is read from
 * the end of the frame. Each frame is a row of the answer; `toTrace` reads it.
 */
export const jsTracer = `{
  frames: [], stack: [], preimages: {}, seen: {}, noted: {}, values: [], sizes: {},
  setup: function () { this.open(-1, 'CALL', '', '', '0x', '0') },
  word: function (value) {
    var digits = value.toString(16)
    while (digits.length < 64) digits = '0' + digits
    return digits
  },
  open: function (parent, type, from, to, selector, value) {
    this.stack.push(this.frames.length)
    this.frames.push({
      parent: parent, type: type, from: from, to: to, selector: selector, value: value, opcodes: {},
      slots: {}, touched: {}, outOfGas: false, output: '0x', error: '', gas: false, asked: '',
    })
  },
  top: function () { return this.frames[this.stack[this.stack.length - 1]] },
  touch: function (frame, op, digits, db) {
    var size = this.sizes[digits]
    if (!size) size = this.sizes[digits] = db.getCode('0x' + digits).length
    return op + ':' + digits + ':' + size
  },
  note: function (address, slot, value) {
    var key = address + ':' + slot + ':' + value
    if (!this.noted[key]) this.values.push([address, slot, value])
    this.noted[key] = true
  },
  step: function (log, db) {
    var op = log.op.toNumber(), frame = this.top()
    if (frame.gas) {
      frame.gas = false
      if (op !== 0xf1 && op !== 0xf2 && op !== 0xf4 && op !== 0xfa) frame.opcodes[0x5a] = (frame.opcodes[0x5a] || 0) + 1
    }
    if (frame.asked) {
      frame.touched[frame.asked + (op === 0x15 ? ':1' : ':0')] = true
      frame.asked = ''
    }
    if (op >= 0x5f && op < 0xa0) return
    if (op === 0x5a) { frame.gas = true; return }
    frame.opcodes[op] = (frame.opcodes[op] || 0) + 1

    if (op === 0x54 || op === 0x55 || op === 0x5c || op === 0x5d) {
      var slot = this.word(log.stack.peek(0))
      frame.slots[op + ':' + slot] = true
      // A read after a write is noted once more: the write may have been undone by a revert in between.
      if (op === 0x54 || op === 0x55) {
        var address = toHex(log.contract.getAddress()), key = address + ':' + slot
        if (op === 0x55) this.seen[key] = false
        else if (!this.seen[key]) {
          this.seen[key] = true
          this.note(address, slot, toHex(db.getState(address, '0x' + slot)))
        }
      }
    } else if (op === 0xf1 || op === 0xf2 || op === 0xf4 || op === 0xfa) {
      frame.touched[this.touch(frame, op, this.word(log.stack.peek(1)).slice(24), db) + ':0'] = true
    } else if (op === 0x3b || op === 0x3c || op === 0x3f) {
      var named = this.touch(frame, op, this.word(log.stack.peek(0)).slice(24), db)
      if (op === 0x3b) frame.asked = named
      else frame.touched[named + ':0'] = true
    } else if (op === 0x20) {
      var start = Number(log.stack.peek(0).toString()), length = Number(log.stack.peek(1).toString())
      if (length >= 32 && length <= 512) {
        try { this.preimages[toHex(log.memory.slice(start, start + length))] = true } catch (unreadable) {}
      }
    }
  },
  fault: function () {},
  close: function (frame) {
    if (frame.gas) frame.opcodes[0x5a] = (frame.opcodes[0x5a] || 0) + 1
    if (frame.asked) frame.touched[frame.asked + ':0'] = true
    frame.gas = false
    frame.asked = ''
  },
  enter: function (call) {
    var value = call.getValue()
    this.open(
      this.stack[this.stack.length - 1], call.getType(), toHex(call.getFrom()), toHex(call.getTo()),
      toHex(call.getInput()).slice(0, 10), value === undefined || value === null ? '0' : value.toString(16)
    )
  },
  exit: function (result) {
    var frame = this.top(), error = result.getError(), output = result.getOutput()
    this.close(frame)
    frame.error = error ? String(error) : ''
    frame.outOfGas = /out of gas|outofgas|reentrancysentry|gas uint64 overflow/i.test(frame.error)
    if (output) frame.output = toHex(output)
    frame.gasUsed = Number(result.getGasUsed())
    this.stack.pop()
  },
  result: function (context) {
    var root = this.frames[0]
    this.close(root)
    root.from = toHex(context.from)
    root.to = toHex(context.to)
    root.selector = toHex(context.input).slice(0, 10)
    root.error = context.error ? String(context.error) : ''
    root.output = context.output ? toHex(context.output) : '0x'
    for (var i = 0; i < this.frames.length; i++) {
      this.frames[i].slots = Object.keys(this.frames[i].slots)
      this.frames[i].touched = Object.keys(this.frames[i].touched)
    }
    return { frames: this.frames, preimages: Object.keys(this.preimages), values: this.values }
  },
}`
