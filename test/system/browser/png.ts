import { inflateSync } from 'node:zlib'

const signature = '89504e470d0a1a0a'

/** Size of a PNG, and how many of its rows differ from the one above: a blank one has hardly any. */
export function readPng(file: Buffer): { width: number; height: number; differentRows: number } {
  if (file.subarray(0, 8).toString('hex') !== signature) throw new Error('the file is no PNG')
  const data: Buffer[] = []
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at)
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(file.subarray(at + 8, at + 8 + length))
    at += length + 12
  }
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)]
  const rows = inflateSync(Buffer.concat(data))
  const stride = rows.length / height
  const texts = Array.from({ length: height }, (_, row) =>
    rows.subarray(row * stride, (row + 1) * stride).toString('latin1'),
  )
  return { width, height, differentRows: new Set(texts).size }
}
