import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
} from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import * as bundler from '../../bundler/src/config/options.ts'
import { nodeOptionsOf } from '../../devnet/src/processes/commandOf.ts'
import * as paymaster from '../../paymaster-service/src/config/names.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

const services = [
  {
    service: 'bundler',
    script: 'bundler',
    help: ['--help'],
    environmentPrefix: bundler.environmentPrefix,
    variables: [...bundler.optionNames, 'config'].map(bundler.environmentNameOf),
  },
  {
    service: 'paymaster-service',
    script: 'paymaster',
    help: ['serve', '--help'],
    environmentPrefix: paymaster.environmentPrefix,
    variables: [...paymaster.optionNames, 'config'].map(paymaster.environmentName),
  },
]

function parseDockerfile(text: string) {
  /** Instructions with their continued lines joined. */
  const instructions = text
    .replaceAll(/\s*\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => /^[A-Z]+ /.test(line))
  const argumentsOf = (name: string) =>
    instructions.flatMap((line) =>
      line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : [],
    )

  /** What is copied out of the repository: `[source, target]`. */
  const copies = argumentsOf('COPY')
    .filter((copy) => !copy.startsWith('--from'))
    .flatMap((copy) => {
      const parts = copy.split(' ')
      const target = parts.at(-1) ?? ''
      return parts.slice(0, -1).map((source) => {
        const path = target.endsWith('/') ? join(target, source.split('/').at(-1) ?? '') : target
        return [source, path] as const
      })
    })
  const environment = new Map(
    argumentsOf('ENV').flatMap((line) =>
      line.split(' ').map((pair) => pair.split('=') as [string, string]),
    ),
  )
  const entryPoint = commandOf(argumentsOf('ENTRYPOINT')[0])
  return { instructions, argumentsOf, copies, environment, entryPoint }
}

const commandOf = (json: string | undefined) => JSON.parse(json ?? '[]') as [string, ...string[]]

async function run(command: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv }) {
  expect(command[0]).toBe('node')
  const env = { ...process.env, ...options.env }
  const child = spawn(process.execPath, command.slice(1), { ...options, env })
  let output = ''
  child.stdout.on('data', (text) => {
    output += text
  })
  const [code] = await once(child, 'close')
  return { code, output }
}

/** The packages of the workspace that `name` is made of, itself included. */
function packagesOf(name: string, found = new Set<string>()): Set<string> {
  found.add(name)
  const { dependencies = {} } = JSON.parse(read(`${name}/package.json`))
  for (const [dependency, version] of Object.entries(dependencies)) {
    const folder = dependency.replace('@fabstir/', '')
    if (String(version).startsWith('workspace:') && !found.has(folder)) packagesOf(folder, found)
  }
  return found
}

/** Sources of a folder without tests and what only they use. */
function sourcesOf(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|^testing\//.test(file))
    .map((file) => join(folder, file))
}

/** What an install in the image makes: packages of the registry, and those of the image itself. */
function linkDependencies(name: string, image: string): void {
  const folder = join(root, name, 'node_modules')
  const { dependencies = {} } = JSON.parse(read(`${name}/package.json`))
  for (const dependency of Object.keys(dependencies)) {
    const target = join(image, name, 'node_modules', dependency)
    mkdirSync(dirname(target), { recursive: true })
    const own = dependency.startsWith('@fabstir/')
    symlinkSync(
      own
        ? join(image, dependency.replace('@fabstir/', ''))
        : realpathSync(join(folder, dependency)),
      target,
    )
  }
}

describe.each(services)('the Dockerfile of $service', (row) => {
  const { service, script, help, environmentPrefix, variables } = row
  const { instructions, argumentsOf, copies, environment, entryPoint } = parseDockerfile(
    read(`${service}/Dockerfile`),
  )

  test('copies what exists, to where it is in the repository, and the ignore file lets it through', () => {
    const allowed = read(`${service}/Dockerfile.dockerignore`)
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1))
    expect(copies.length).toBeGreaterThan(5)
    for (const [source, target] of copies) {
      expect(existsSync(join(root, source)), source).toBe(true)
      expect(join(target)).toBe(source)
      expect(allowed).toContain(source)
    }
  })

  test('has every package of the workspace that the service is made of, as far as it imports it', () => {
    const sources = new Set(copies.map(([source]) => source))
    const packages = packagesOf(service)
    expect(packages.size).toBeGreaterThan(1)
    for (const name of packages) {
      expect(sources).toContain(`${name}/package.json`)
    }
    const imported = sourcesOf(`${service}/src`).flatMap((file) =>
      [...read(file).matchAll(/from '@fabstir\/([^/']+)(\/[^']+)?'/g)].map(
        ([, name = '', path = '']) => [name, `.${path}`] as const,
      ),
    )
    expect(imported.length).toBeGreaterThan(5)
    for (const [name, path] of imported) {
      const { exports } = JSON.parse(read(`${name}/package.json`)) as {
        exports: Record<string, string>
      }
      const file = join(name, exports[path] ?? '?')
      expect(
        [...sources].some((source) => file.startsWith(`${source}/`)),
        file,
      ).toBe(true)
    }
  })

  test('its command runs on what it copies', async () => {
    const image = await mkdtemp(join(tmpdir(), 'fabstir-image-'))
    try {
      for (const [source, target] of copies) {
        mkdirSync(dirname(join(image, target)), { recursive: true })
        cpSync(join(root, source), join(image, target), { recursive: true })
      }
      for (const name of packagesOf(service)) linkDependencies(name, image)
      const { code, output } = await run([...entryPoint, ...help], { cwd: image })
      expect(code).toBe(0)
      expect(output).toContain('--rpc-url')
    } finally {
      await rm(image, { recursive: true })
    }
  })

  test('runs Node with the options of the command, and so does the script of the repository', () => {
    const main = `${service}/src/main.ts`
    const command = ['node', ...nodeOptionsOf(read(main)), main]
    expect(entryPoint).toEqual(command)
    expect(JSON.parse(read('package.json')).scripts[script]).toBe(command.join(' '))
  })

  test('runs without root, and sets only options that exist and no secrets', () => {
    const user = instructions.findLastIndex((line) => line.startsWith('USER '))
    expect(instructions[user]).toBe('USER node')
    expect(instructions.slice(user).some((line) => /^(RUN|COPY) /.test(line))).toBe(false)
    const compose = read(`${service}/compose.yaml`).match(/FABSTIR_\w+/g) ?? []
    const own = [...environment.keys()].filter((name) => name.startsWith('FABSTIR_'))
    expect(own.length + compose.length).toBeGreaterThan(4)
    for (const name of [...own, ...compose]) expect(variables).toContain(name)
    expect(
      [...environment.keys()].filter((name) => /KEYS?$|MNEMONIC|PASSWORD$|URL|SECRET/.test(name)),
    ).toEqual([])
    expect(argumentsOf('ARG')).toEqual([])
  })

  test.each([
    { status: 200, code: 0 },
    { status: 503, code: 1 },
  ])('its health check ends with $code when GET /health answers $status', async (row) => {
    const paths: (string | undefined)[] = []
    const server = createServer(({ url }, response) => {
      paths.push(url)
      response.writeHead(row.status).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const [check] = argumentsOf('HEALTHCHECK')
    const command = commandOf(check?.slice(check.indexOf('[')))
    try {
      const { code } = await run(command, { env: { [`${environmentPrefix}PORT`]: `${port}` } })
      expect(code).toBe(row.code)
      expect(paths).toEqual(['/health'])
    } finally {
      server.close()
    }
  })
})
