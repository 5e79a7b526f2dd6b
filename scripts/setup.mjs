/**
 * Installing and building, each only when its inputs changed. Needs nothing but Node: it runs before there are packages.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
const stamps = join(root, 'node_modules', '.parallax')

/** The environment of npm: no download of a CUDA runtime, and Node's own headers where this machine has them. */
const environment = () => ({
  ...process.env,
  ONNXRUNTIME_NODE_INSTALL: 'skip',
  ...(existsSync('/usr/include/node/node.h') ? { npm_config_nodedir: '/usr' } : {}),
})

/** Runs a command, its output shown; ends the program with its status where it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: environment(), ...options })
  if (result.error) throw result.error
  if (result.status !== 0) {
    console.error(`\n${[command, ...args].join(' ')} failed; fix what it says above and run this again.`)
    process.exit(result.status ?? 1)
  }
}

/** Packages as the lock file says; nothing to do where they are. */
export function install() {
  const stamp = hashOf(['package-lock.json'])
  if (readStamp('install') === stamp) return
  const started = Date.now()
  console.log('Installing packages (about a minute; better-sqlite3 may be compiled) …')
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  writeStamp('install', stamp)
  console.log(`  installed in ${seconds(started)}`)
}

/** The program and the page; nothing to do where no source changed. */
export function build() {
  const stamp = newestSource()
  if (readStamp('build') === stamp && existsSync(join(root, 'dist', 'web', 'index.html'))) return
  const started = Date.now()
  console.log('Building …')
  run(process.execPath, [join('scripts', 'build.mjs')])
  writeStamp('build', stamp)
  console.log(`  built in ${seconds(started)}`)
}

export const seconds = (started) => `${((Date.now() - started) / 1000).toFixed(1)} s`

const SOURCES = [
  'trace',
  'analysis',
  'parsers',
  'db',
  'draw',
  'export',
  'profiler',
  'server',
  'cli',
  'web',
  'docs',
  'scripts',
]

function newestSource() {
  const hash = createHash('sha256')
  const visit = (path) => {
    for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      const child = join(path, entry.name)
      if (entry.isDirectory()) visit(child)
      else hash.update(`${child} ${statSync(child).size} ${statSync(child).mtimeMs}\n`)
    }
  }
  for (const folder of SOURCES) if (existsSync(join(root, folder))) visit(join(root, folder))
  hash.update(hashOf(['package-lock.json', 'tsconfig.json', 'tsconfig.build.json']))
  return hash.digest('hex')
}

const hashOf = (files) => {
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

const readStamp = (name) => {
  const file = join(stamps, name)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

function writeStamp(name, value) {
  mkdirSync(stamps, { recursive: true })
  writeFileSync(join(stamps, name), value)
}
