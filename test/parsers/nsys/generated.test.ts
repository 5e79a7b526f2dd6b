import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect } from 'vitest'
import { rowsByName } from '../../../analysis/kernels.ts'
import { ledger } from '../../../analysis/ledger.ts'
import { nsysSqlite } from '../../../parsers/nsys/index.ts'
import { brokenRules } from '../../../trace/integrity.ts'
import { DeviceOpKind } from '../../../trace/tables.ts'
import { sharedTest } from '../../shared.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-generated-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Manifest {
  kernels: number
  kernel_ns: number
  api_calls: number
  memcpy: number
  memset: number
  per_kernel: Record<string, [count: number, ns: number]>
  rows: Record<string, number>
}

const EPOCH = '1760000000000000000'
const LAYOUTS = ['2021.3.3', '2022.4.2', '2023.4.4', '2024.2.3', '2025.5.2']
const CASES: [name: string, args: string[]][] = [
  ['plain', []],
  ['traps', ['--traps', '--osrt', '12']],
  ['epoch-sized times, ids beyond 2^53', ['--traps', '--t0', EPOCH, '--hw-id', '1']],
  ['ids with the sign bit', ['--hw-id', '200']],
  ['negative times', ['--t0', '-4000000000']],
  ['graphs node by node', ['--graph-fraction', '0.4', '--graph-size', '6', '--graph-mode', 'node']],
]

describe.each(LAYOUTS)('the layout of %s', (schema) => {
  for (const [name, args] of CASES)
    sharedTest(`${name}: agrees with what went in`, async (shared) => {
      const file = join(folder, `${schema}-${name.replaceAll(/\W+/g, '-')}.sqlite`)
      const base = [
        '--schema',
        schema,
        '--kernels',
        '300',
        '--processes',
        '2',
        '--devices',
        '2',
        '--streams',
        '3',
      ]
      execFileSync('python3', [join(shared, 'oracle', 'make_nsys_sqlite.py'), '-o', file, ...base, ...args])
      const manifest = JSON.parse(readFileSync(`${file}.json`, 'utf8')) as Manifest
      const trace = await nsysSqlite.read(file, {})
      expect(brokenRules(trace)).toEqual([])
      const { device_op: ops } = trace
      const ofKind = (kind: number): number[] => [...ops.kind.keys()].filter((op) => ops.kind[op] === kind)
      const kernels = ofKind(DeviceOpKind.kernel)
      expect(kernels).toHaveLength(manifest.kernels)
      expect(kernels.reduce((sum, op) => sum + ops.duration[op]!, 0)).toBe(manifest.kernel_ns)
      expect(ofKind(DeviceOpKind.copy)).toHaveLength(manifest.memcpy)
      expect(ofKind(DeviceOpKind.set)).toHaveLength(manifest.memset)
      expect(trace.api_call.length).toBe(manifest.api_calls)
      const found = new Map(rowsByName(trace).map((row) => [row.name, [row.count, row.totalNs]]))
      for (const [kernel, numbers] of Object.entries(manifest.per_kernel))
        expect(found.get(kernel), kernel).toEqual(numbers)
      for (const [table, rows] of Object.entries(trace.meta.sourceRows))
        expect(rows, table).toBe(manifest.rows[table])
      for (const device of ledger.compute(trace, {}).devices)
        expect(device.owners.reduce((sum, one) => sum + one.ns, 0)).toBe(device.wallNs)
    })
})

sharedTest('graphs recorded as whole launches are device ops with hidden contents', async (shared) => {
  const file = join(folder, 'graph-mode.sqlite')
  const args = [
    '--schema',
    '2024.2.3',
    '--kernels',
    '300',
    '--graph-fraction',
    '0.5',
    '--graph-mode',
    'graph',
  ]
  execFileSync('python3', [join(shared, 'oracle', 'make_nsys_sqlite.py'), '-o', file, ...args])
  const manifest = JSON.parse(readFileSync(`${file}.json`, 'utf8')) as Manifest
  const trace = await nsysSqlite.read(file, {})
  const graphs = trace.device_op.kind.filter((kind) => kind === DeviceOpKind.graph)
  expect(graphs.length).toBe(manifest.rows.CUPTI_ACTIVITY_KIND_GRAPH_TRACE)
  expect(graphs.length).toBeGreaterThan(0)
})
