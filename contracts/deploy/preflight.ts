import type { Address } from 'viem'
import { type DeployClients, deterministicDeployer, hasCode } from './create2.ts'
import type { ChainPreset } from './presets.ts'

/**
 * Looks for what a deployment stands on before anything is sent.
 * @throws {@link PreflightError} on another chain than the preset's, or without deployer, EntryPoints or USDC.
 */
export async function preflight(
  publicClient: Pick<DeployClients['publicClient'], 'getChainId' | 'getCode'>,
  { chainId, entryPoints, otherEntryPoints, usdc }: ChainPreset,
): Promise<void> {
  const found = await publicClient.getChainId()
  if (found !== chainId) {
    throw new PreflightError(`the node is on chain ${found}, the preset is for ${chainId}`)
  }
  const needed: { name: string; address: Address }[] = [
    { name: 'the deterministic deployer', address: deterministicDeployer },
    ...[...entryPoints, ...otherEntryPoints].map(({ version, address }) => ({
      name: `EntryPoint ${version}`,
      address,
    })),
    ...(usdc ? [{ name: 'USDC', address: usdc }] : []),
  ]
  for (const { name, address } of needed) {
    if (!(await hasCode(publicClient, address))) {
      throw new PreflightError(
        `chain ${chainId} has no code at ${address}, where ${name} should be`,
      )
    }
  }
}

export class PreflightError extends Error {
  override name = 'PreflightError'
}
