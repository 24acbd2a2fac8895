import { formatEther, formatUnits } from 'viem'

/** Units of USDC as people write them, cut to cents but for what is less than one. */
export function showUsdc(value: bigint): string {
  const [whole = '0', fraction = ''] = formatUnits(value, 6).split('.')
  const cents = fraction.padEnd(2, '0')
  return `${Number(whole).toLocaleString('en')}.${cents.length > 2 ? cents.slice(0, 4) : cents}`
}

/** Wei in ETH, with what one can read of it. */
export function showEth(wei: bigint): string {
  if (wei === 0n) return '0 ETH'
  const text = formatEther(wei)
  const significant = /^(\d+\.?0*\d{0,4})/.exec(text)?.[1] ?? text
  return `${significant} ETH`
}

export const shorten = (hex: string, ends = 4): string =>
  `${hex.slice(0, 2 + ends)}…${hex.slice(-ends)}`
