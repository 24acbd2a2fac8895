import {
  type Abi,
  type Address,
  concatHex,
  encodeAbiParameters,
  encodeDeployData,
  encodeFunctionData,
  getContractAddress,
  type Hex,
  keccak256,
  stringToHex,
  zeroHash,
} from 'viem'
import type { DeployedContract } from '../addressBook.ts'
import type { ArtifactName, CodeName } from './artifact.ts'
import { readCode } from './code.ts'
import { create2Address, type DeployClients, deterministicDeployer, hasCode } from './create2.ts'
import { sendDeployment } from './sendDeployment.ts'

export type DeployerParameters = DeployClients & {
  /** Sends nothing; answers the addresses that a real run would deploy to. */
  dryRun?: boolean
  /** Called with each contract before it is looked for. */
  onProgress?: (contract: string) => void
  /** Called with each contract once it stands, or in a dry run would. */
  onContract?: (contract: DeployedContract) => void
}

export type Deployer = {
  /** Deploys a contract by CREATE2, or finds it. `label` tells several of one kind apart. */
  plain(name: CodeName, args?: readonly unknown[], label?: string): Promise<Address>
  /** Address of the proxy of `name`, deployed or not. */
  predictProxy(name: ArtifactName): Promise<Address>
  /** Deploys an implementation and its initialized proxy, or finds them. */
  proxy(
    name: ArtifactName,
    initializerArgs: readonly unknown[],
    constructorArgs?: readonly unknown[],
  ): Promise<Address>
}

const proxySalt = (name: string) => keccak256(stringToHex(`fabstir.${name}.1`))

/** Deploys contracts one after the other; what is there already is left alone. */
export function createDeployer(parameters: DeployerParameters): Deployer {
  const { publicClient, walletClient, dryRun = false, onProgress, onContract } = parameters
  const account = walletClient.account.address

  const create = async (name: CodeName, args: readonly unknown[]) => {
    const { abi, bytecode } = await readCode(name)
    const initCode = encodeDeployData({ abi, bytecode, args })
    const address = create2Address(initCode)
    const transaction = { to: deterministicDeployer, data: concatHex([zeroHash, initCode]) }
    const missing = !(await hasCode(publicClient, address))
    const block =
      missing && !dryRun
        ? await sendDeployment(parameters, { name, address, ...transaction })
        : undefined
    return { address, missing, block }
  }

  const plain: Deployer['plain'] = async (name, args = [], label = name) => {
    onProgress?.(label)
    const { address, missing, block } = await create(name, args)
    onContract?.({
      name,
      label,
      address,
      ...(block === undefined ? {} : { block }),
      constructorArgs: args,
      deployed: missing,
    })
    return address
  }

  const proxyDeployer = async () => {
    const { abi, bytecode } = await readCode('ProxyDeployer')
    return create2Address(encodeDeployData({ abi, bytecode, args: [] }))
  }

  const predictProxy: Deployer['predictProxy'] = async (name) => {
    const { bytecode } = await readCode('FabstirProxy')
    return getContractAddress({
      opcode: 'CREATE2',
      from: await proxyDeployer(),
      bytecode,
      salt: boundSalt(account, proxySalt(name)),
    })
  }

  const proxy: Deployer['proxy'] = async (name, initializerArgs, constructorArgs = []) => {
    onProgress?.(name)
    const implementation = await create(name, constructorArgs)
    const address = await predictProxy(name)
    const missing = !(await hasCode(publicClient, address))
    const block =
      missing && !dryRun
        ? await sendDeployment(parameters, {
            name,
            address,
            to: await proxyDeployer(),
            data: await deployProxyCall(name, implementation.address, initializerArgs),
          })
        : undefined
    onContract?.({
      name,
      label: name,
      address,
      ...(block === undefined ? {} : { block }),
      constructorArgs,
      proxy: { implementation: implementation.address, initializerArgs },
      deployed: missing || implementation.missing,
    })
    return address
  }

  return { plain, predictProxy, proxy }
}

/** As {ProxyDeployer} binds a salt to its caller. */
function boundSalt(deployer: Address, salt: Hex): Hex {
  return keccak256(
    encodeAbiParameters([{ type: 'address' }, { type: 'bytes32' }], [deployer, salt]),
  )
}

async function deployProxyCall(
  name: ArtifactName,
  implementation: Address,
  initializerArgs: readonly unknown[],
): Promise<Hex> {
  const { abi: implementationAbi } = await readCode(name)
  const { abi } = await readCode('ProxyDeployer')
  const initData = encodeFunctionData({
    abi: implementationAbi as Abi,
    functionName: 'initialize',
    args: initializerArgs,
  })
  return encodeFunctionData({
    abi,
    functionName: 'deploy',
    args: [proxySalt(name), implementation, initData],
  })
}
