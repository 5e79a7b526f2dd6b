import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { main } from '../../cli/main.ts'
import { Store } from '../../db/store.ts'
import { drawn } from '../drawn-trace.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-cli-sql-'))
afterAll(() => rmSync(folder, { recursive: true }))
const db = join(folder, 'store.sqlite')
const store = new Store(db)
store.addRun(
  drawn('gpu0  AAA.BB', { names: { A: 'gemm<"a", b>' } }),
  [{ name: 'drawn', sha256: 'a'.repeat(64), bytes: 1, format: 'drawn' }],
  'drawn',
  { captureNs: null, devices: [] },
)
store.close()

async function cli(...args: string[]) {
  const out: string[] = []
  const err: string[] = []
  const exitCode = await main(['sql', ...args, '--db', db], {
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
  })
  return { exitCode, stdout: out.join(''), stderr: err.join('') }
}
const SQL = 'SELECT name, duration_ns FROM device_op ORDER BY start_ns'

test('sql prints a table, --csv quoted lines, --json one document', async () => {
  expect((await cli('drawn', SQL)).stdout).toMatch(
    /name +duration_ns\n +gemm<"a", b> +3,?000\n +kernel B +2,?000\n/,
  )
  expect((await cli('1', SQL, '--csv')).stdout).toBe(
    'name,duration_ns\r\n"gemm<""a"", b>",3000\r\nkernel B,2000\r\n',
  )
  const { stdout } = await cli('1', SQL, '--json')
  expect(JSON.parse(stdout)).toMatchObject({
    rows: [
      ['gemm<"a", b>', 3000],
      ['kernel B', 2000],
    ],
    truncated: null,
  })
})

test('sql says that the row limit cut the answer', async () => {
  const { stdout, stderr } = await cli('1', SQL, '--csv', '--row-limit', '1')
  expect(stdout.trim().split('\r\n')).toHaveLength(2)
  expect(stderr).toBe('cut after 1 rows, the row limit (--row-limit)\n')
})

test('sql reads a trace file without storing it', async () => {
  const file = join(folder, 'profile.json')
  const event = {
    cat: 'Node',
    pid: 1,
    tid: 1,
    dur: 300,
    ts: 110,
    ph: 'X',
    name: 'MatMul_kernel_time',
    args: { op_name: 'MatMul', provider: 'CPUExecutionProvider' },
  }
  const run = { cat: 'Session', pid: 1, tid: 1, dur: 900, ts: 100, ph: 'X', name: 'model_run', args: {} }
  writeFileSync(file, JSON.stringify([run, event]))
  const { stdout, stderr } = await cli(file, `SELECT duration_ns FROM device_op WHERE kind = 'node'`, '--csv')
  expect(stderr).toBe('')
  expect(stdout).toBe('duration_ns\r\n300000\r\n')
})

test.each([
  [['1', 'DROP TABLE device_op'], /only reading is possible/],
  [['1', SQL, '--over', 'elsewhere'], /--over is trace or original/],
  [['1', SQL, '--over', 'original'], /only an nsys export/],
  [['9', SQL], /"9" is neither a run/],
  [['1', SQL, '--row-limit', '0'], /--row-limit is a whole number of at least 1/],
] as const)('sql %j is bad usage in one line', async (args, message) => {
  const { exitCode, stderr, stdout } = await cli(...args)
  expect(stderr).toMatch(message)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect([exitCode, stdout]).toEqual([2, ''])
})
