/**
 * `profile-vggt stats` on a made-up nsys export: CSV, JSON, text, and what it refuses.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { main } from '../../cli/main.ts'
import { writeNsysSqlite } from '../../fixtures/generate/nsys-sqlite.ts'
import { smallLaunches } from '../../fixtures/generate/small-nsys.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-cli-stats-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'launches.sqlite')
writeNsysSqlite(file, smallLaunches())

async function stats(...args: string[]) {
  const out: string[] = []
  const err: string[] = []
  const exitCode = await main(['stats', file, ...args, '--db', join(folder, 'store.sqlite')], {
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
  })
  return { exitCode, stdout: out.join(''), stderr: err.join('') }
}

test('--csv prints a report line by line as nsys does', async () => {
  expect(await stats('--report', 'cuda_gpu_kern_sum', '--csv')).toMatchObject({
    exitCode: 0,
    stdout:
      'Time (%),Total Time (ns),Instances,Avg (ns),Med (ns),Min (ns),Max (ns),StdDev (ns),Name\n' +
      '65.2,450,5,90.0,100.0,10,150,63.6,void kA<int>(int *)\n' +
      '34.8,240,3,80.0,80.0,80,80,0.0,kB(float *)\n',
  })
})

test('several reports stand under one another, an empty line between them', async () => {
  const { stdout } = await stats('--report', 'osrt_sum', '--report', 'nvtx_startend_sum', '--csv')
  expect(stdout.split('\n\n').map((part) => part.split('\n')[0]!.split(',').at(-1))).toEqual([
    'Name',
    'Range',
  ])
})

test('--json is one document, with or without --csv', async () => {
  for (const more of [[], ['--csv']]) {
    const { stdout } = await stats('--report', 'osrt_sum', '--json', ...more)
    expect(JSON.parse(stdout)).toMatchObject({
      reports: [{ report: 'osrt_sum', rows: [[100, 40, 1, 40, 40, 40, 40, 0, 'kB']] }],
    })
  }
})

test('an argument of a rule is given as nsys has it', async () => {
  const { stdout } = await stats('--report', 'cuda_api_sync:rows=0', '--csv')
  expect(stdout).toBe('')
  expect((await stats('--report', 'cuda_api_sync:gap=1')).exitCode).toBe(2)
})

test('an unknown report is refused on one line', async () => {
  const { exitCode, stderr } = await stats('--report', 'cuda_sum')
  expect(exitCode).toBe(2)
  expect(stderr).toContain('no nsys report "cuda_sum"; there are cuda_gpu_kern_sum, ')
})
