import { encodeAbiParameters, type Hex, isHex, keccak256, size, stringToHex } from 'viem'
import { parseAbiParameters } from './parseAbi.ts'

/**
 * A model: by name, as circuits and metadata name it; by name and version, as the model registry lists it; or by its
 * id of 32 bytes.
 */
export type Model = string | { name: string; version: string }

const listed = parseAbiParameters('string name, string version')

/**
 * Id of a model: keccak256 of the name alone, or keccak256(abi.encode(name, version)) of a listed one.
 * @example
 * toModelId({ name: 'llama-70b', version: '3.1' })
 */
export function toModelId(model: Model): Hex {
  if (typeof model !== 'string')
    return keccak256(encodeAbiParameters(listed, [model.name, model.version]))
  const isId = isHex(model) && size(model) === 32
  return isId ? (model.toLowerCase() as Hex) : keccak256(stringToHex(model))
}
