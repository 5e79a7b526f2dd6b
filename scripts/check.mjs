/**
 * `npm run check`: everything that must hold, from a fresh clone on: types, lint, format, tests. Each failing step names the
 * command that runs it alone (and, where there is one, the command that mends it).
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
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
  ['types of the browser tests', bin('tsc'), ['--noEmit', '-p', 'test/web']],
  ['lint', bin('oxlint'), ['--quiet']],
  ['format (mend: npm run format)', bin('prettier'), ['--check', '--log-level', 'warn', '.']],
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

// Counts are read from the runner's own report, so that the last line says what truly ran.
const folder = mkdtempSync(join(tmpdir(), 'parallax-check-'))
const report = join(folder, 'tests.json')
const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
// The page was built above: the browser tests need not build it again, each for itself.
const env = { ...process.env, PARALLAX_BUILT_PAGE: join(root, 'dist', 'web') }
const { status } = spawnSync(bin('vitest'), args, { cwd: root, stdio: 'inherit', env })
const counted = JSON.parse(readFileSync(report, 'utf8'))
rmSync(folder, { recursive: true })
for (const file of counted.testResults)
  for (const one of file.assertionResults)
    if (one.status === 'pending' || one.status === 'skipped') console.log(`skipped: ${one.fullName}`)
console.log(
  `${counted.numPassedTests} passed, ${counted.numFailedTests} failed, ${counted.numPendingTests} skipped`,
)
process.exit(status ?? 1)
