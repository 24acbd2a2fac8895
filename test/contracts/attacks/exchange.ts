import solc from 'solc'
import { type Abi, getAddress } from 'viem'
import type { Arena } from './arena.ts'

/** An exchange outside the system that sells at any price, and is its own oracle. */
const exchangeSource = `
  interface Token {
    function transfer(address, uint256) external;
    function transferFrom(address, address, uint256) external;
  }
  contract Exchange {
    uint256 spot;
    uint256 average;
    uint256 updatedAt;
    function set(uint256 spot_, uint256 average_, uint256 updatedAt_) external {
      (spot, average, updatedAt) = (spot_, average_, updatedAt_);
    }
    function consult(address, address, uint256 amount) external view returns (uint256, uint256) {
      return (amount * average / 1e6, updatedAt);
    }
    function swap(Token from, Token to, uint256 amount, uint256, address recipient) external {
      from.transferFrom(msg.sender, address(this), amount);
      to.transfer(recipient, amount * spot / 1e6);
    }
  }`

/** Deploys it; anyone sets its prices. */
export async function deployExchange({
  wallets,
  publicClient,
}: Pick<Arena, 'wallets' | 'publicClient'>) {
  const request = {
    language: 'Solidity',
    sources: { 'Exchange.sol': { content: `pragma solidity ^0.8.28;${exchangeSource}` } },
    settings: { outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } } },
  }
  const { contracts } = JSON.parse(solc.compile(JSON.stringify(request))) as {
    contracts: Record<string, { Exchange: { abi: Abi; evm: { bytecode: { object: string } } } }>
  }
  const compiled = contracts['Exchange.sol']?.Exchange
  if (!compiled) throw new Error('the exchange does not compile')
  const { abi } = compiled
  const hash = await wallets.deployer.deployContract({
    abi,
    bytecode: `0x${compiled.evm.bytecode.object}`,
  })
  const { contractAddress } = await publicClient.getTransactionReceipt({ hash })
  if (!contractAddress) throw new Error('the exchange was not deployed')
  return { abi, address: getAddress(contractAddress) }
}
