/**
 * `npm run check`: everything that must hold, from a fresh clone on: types, lint, format, tests. Each failing step names the
 * command that runs it alone (and, where there is one, the command that mends it).
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { build, install, root, seconds } from './setup.mjs'

install()
build()
const bin = (name) => join('node_modules', '.bin', name)
const steps = [
  ['types of the program', bin('tsc'), ['--noEmit', '-p', '.']],
  ['trace/ knows neither Node nor a page', bin('tsc'), ['-p', 'trace']],
  ['analysis/ knows neither Node nor a page', bin('tsc'), ['-p', 'analysis']],
  ['draw/ knows no Node', bin('tsc'), ['-p', 'draw']],
  ['types of the page', bin('svelte-check'), ['--tsconfig', 'web/tsconfig.json', '--fail-on-warnings']],
  ['lint', bin('oxlint'), ['--quiet']],
  ['format (mend: npm run format)', bin('prettier'), ['--check', '--log-level', 'warn', '.']],
  ['tests', bin('vitest'), ['run']],
]
for (const [name, command, args] of steps) {
  const started = Date.now()
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) {
    console.error(`\n✗ ${name}: ${[command, ...args].join(' ')}`)
    process.exit(status ?? 1)
  }
  console.log(`✓ ${name} (${seconds(started)})`)
}
