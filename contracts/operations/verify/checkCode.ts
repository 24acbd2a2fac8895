import { encodeDeployData, type Hex, keccak256 } from 'viem'
import type { Artifact } from '../../deploy/artifact.ts'
import { create2Address } from '../../deploy/create2.ts'
import { type Check, check } from './check.ts'
import { maskImmutables } from './maskImmutables.ts'
import { implementationOf, type Subject, subjectsOf, type VerifyContext } from './readers.ts'

/**
 * The code of every contract is what this build of the sources makes. An address is a hash of creation code and
 * constructor arguments, so comparing it checks the immutables that the comparison of the code leaves out.
 */
export async function checkCode(context: VerifyContext): Promise<Check[]> {
  const checks: Check[] = []
  for (const subject of await subjectsOf(context)) {
    const { record, artifact } = subject
    const hash = keccak256((await codeAt(context, record.address)) ?? '0x')
    checks.push(check(record.label, 'code hash recorded', record.codeHash, hash))
    checks.push(...(record.proxy ? await checkProxy(context, subject) : []))
    if (!record.proxy) {
      checks.push(await compare(context, record.label, record.address, artifact))
      checks.push(checkAddress(subject, record.address))
    }
  }
  return checks
}

async function checkProxy(context: VerifyContext, { record, artifact }: Subject): Promise<Check[]> {
  const { label, address, proxy, implementationCodeHash } = record
  const implementation = await implementationOf(context, address)
  const code = await codeAt(context, implementation)
  return [
    check(label, 'implementation', proxy?.implementation, implementation),
    checkAddress({ record, artifact }, implementation),
    await compare(context, `${label} proxy`, address, await context.readArtifact('FabstirProxy')),
    await compare(context, `${label} implementation`, implementation, artifact),
    check(
      label,
      'implementation code hash recorded',
      implementationCodeHash,
      keccak256(code ?? '0x'),
    ),
  ]
}

/** Where CREATE2 puts this build's code with the recorded arguments. */
function checkAddress({ record, artifact: { abi, bytecode } }: Subject, found: Hex): Check {
  const args = [...record.constructorArgs]
  return check(
    record.label,
    'address of code and arguments',
    create2Address(encodeDeployData({ abi, bytecode, args })),
    found,
  )
}

async function compare(
  context: VerifyContext,
  subject: string,
  address: Hex,
  { deployedBytecode, immutableReferences }: Artifact,
): Promise<Check> {
  const code = (await codeAt(context, address)) ?? '0x'
  // Masking runs over what is there: code of another length is another code.
  const same = code.length === deployedBytecode.length
  const masked = same ? maskImmutables(code, immutableReferences) : code
  const expected = maskImmutables(deployedBytecode, immutableReferences)
  return check(subject, 'code is this build', keccak256(expected), keccak256(masked))
}

async function codeAt({ publicClient }: VerifyContext, address: Hex): Promise<Hex | undefined> {
  return publicClient.getCode({ address })
}
