const address = { type: 'string', pattern: '^0x[0-9a-fA-F]{40}$' }
const text = (maxLength: number) => ({ type: 'string', maxLength })

/** A message of EIP-4361, and a signature: that of a passkey for an account that does not exist yet has some 1,800 digits. */
export const loginBody = {
  type: 'object',
  required: ['message', 'signature'],
  properties: {
    message: text(2_000),
    signature: { ...text(8_192), pattern: '^0x([0-9a-fA-F]{2})*$' },
  },
}

/** A request of ERC-7677: the operation, of which the sender is read, the EntryPoint, the chain, and perhaps a context. */
export const sponsorBody = {
  type: 'object',
  required: ['id', 'method', 'params'],
  properties: {
    id: { type: ['integer', 'string', 'null'], maxLength: 100 },
    method: text(100),
    params: {
      type: 'array',
      minItems: 3,
      maxItems: 4,
      items: [
        {
          type: 'object',
          required: ['sender'],
          properties: { sender: address },
          maxProperties: 30,
        },
        address,
        { type: 'string', pattern: '^0x[0-9a-fA-F]{1,16}$' },
      ],
    },
  },
}
