/**
 * `npm run up`: from a fresh clone to the comparison of two profiled VGGT inferences, in one command.
 * `-- --no-serve` does all but serve. What was done before is not done again.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, install, root, seconds } from './setup.mjs'

const started = Date.now()
install()
build()
const program = join(root, 'bin', 'profile-vggt.js')
const runs = demoRuns() ?? captureDemo()
console.log(`Ready in ${seconds(started)}.`)
const compare = `/compare/${runs.join('/')}`
if (process.argv.includes('--no-serve')) console.log(`"npx profile-vggt serve" shows them at ${compare}.`)
else serve()

/** The runs that an earlier `up` captured, if the store still has them. */
function demoRuns() {
  const stamp = join(root, 'node_modules', '.parallax', 'demo.json')
  if (!existsSync(stamp)) return undefined
  const known = JSON.parse(readFileSync(stamp, 'utf8'))
  const stored = new Set(ask(['runs']).runs.map((run) => `${run.id} ${run.sourceSha256}`))
  return known.every(({ id, sha256 }) => stored.has(`${id} ${sha256}`))
    ? known.map(({ id }) => id)
    : undefined
}

function captureDemo() {
  console.log('Profiling two VGGT inferences: frame by frame, and all frames in one batch …')
  const variants = ['--variant', 'frame-seq', '--variant', 'frame-batched']
  const { captures } = ask(['run', ...variants, '--frames', '8', '--iterations', '8'])
  for (const { label, run, facts } of captures) {
    const median =
      typeof facts.iterationMedianNs === 'number'
        ? `, median ${(facts.iterationMedianNs / 1e6).toFixed(1)} ms`
        : ''
    console.log(`  run ${run}: ${label}${median}, on ${facts.provider ?? 'the CPU'}`)
  }
  const ids = captures.map(({ run }) => run)
  const sources = new Map(ask(['runs']).runs.map((run) => [run.id, run.sourceSha256]))
  const stamp = join(root, 'node_modules', '.parallax', 'demo.json')
  writeFileSync(stamp, JSON.stringify(ids.map((id) => ({ id, sha256: sources.get(id) }))))
  return ids
}

/** The answer of one command as data. Its own words on stderr pass through. */
function ask(args) {
  const { status, stdout } = spawnSync(process.execPath, [program, ...args, '--json'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
  })
  if (status !== 0) process.exit(status ?? 1)
  return JSON.parse(stdout.toString())
}

function serve() {
  const server = spawn(process.execPath, [program, 'serve', '--port', '4317'], {
    cwd: root,
    stdio: ['inherit', 'pipe', 'inherit'],
  })
  server.stdout.once('data', () => {
    console.log(
      `\n  Their comparison:  http://127.0.0.1:4317${compare}\n  Everything else:   http://127.0.0.1:4317\n\nCtrl-C ends it.`,
    )
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal))
  server.on('exit', (code) => process.exit(code ?? 0))
}
