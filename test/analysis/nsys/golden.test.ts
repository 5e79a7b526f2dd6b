/**
 * The reports on two captures that are small enough to check by hand: what the definitions say, without nsys.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  csvPieces,
  nsysReportOf,
  nsysReports,
  runReport,
  toCsv,
  whySkipped,
} from '../../../analysis/nsys/index.ts'
import type { NsysExport } from '../../../fixtures/generate/nsys-sqlite.ts'
import { randomNsysExport } from '../../../fixtures/generate/random-nsys.ts'
import { writeNsysSqlite } from '../../../fixtures/generate/nsys-sqlite.ts'
import { kernelRow, smallGaps, smallLaunches } from '../../../fixtures/generate/small-nsys.ts'
import { nsysSqlite } from '../../../parsers/nsys/index.ts'
import type { Trace } from '../../../trace/trace.ts'
import { written } from './compare.ts'

let folder = ''
let launches: Trace
let gaps: Trace

async function traceOf(tables: NsysExport): Promise<Trace> {
  const path = join(folder, 'made.sqlite')
  writeNsysSqlite(path, tables)
  return nsysSqlite.read(path, {})
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parity-'))
  launches = await traceOf(smallLaunches())
  gaps = await traceOf(smallGaps())
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Rows as text, cells joined with a bar. */
const rowsOf = (id: string, trace = launches): string[] =>
  written(nsysReportOf(id), trace).map((row) => row.join('|'))

const KA = 'void kA<int>(int *)'

describe('summaries', () => {
  test('kernels are summed by name, the longest total first', () => {
    expect(rowsOf('cuda_gpu_kern_sum')).toEqual([
      `65.2|450|5|90.0|100.0|10|150|63.6|${KA}`,
      '34.8|240|3|80.0|80.0|80|80|0.0|kB(float *)',
    ])
  })

  test('grid and block are written in columns of four, which a large grid bursts', () => {
    expect(rowsOf('cuda_gpu_kern_gb_sum')[0]).toBe(
      `65.2|450|5|90.0|100.0|10|150|63.6|12345    1    1| 256    1    1|${KA}`,
    )
  })

  test('an API name loses a version of exactly four digits, no other', () => {
    expect(rowsOf('cuda_api_sum').map((row) => row.split('|').at(-1))).toEqual([
      'cudaLaunchKernel',
      'cudaDeviceSynchronize',
      'cudaGraphLaunch_v10000',
      'cuLaunchKernel',
      'cudaMemcpyAsync',
      'cudaMemsetAsync',
    ])
  })

  test('a copy of an unknown kind is in no summary, and without a name in the trace', () => {
    expect(rowsOf('cuda_gpu_mem_time_sum')).toEqual([
      '58.8|10|1|10.0|10.0|10|10|0.0|[CUDA memset]',
      '41.2|7|1|7.0|7.0|7|7|0.0|[CUDA memcpy Host-to-Device]',
    ])
    expect(rowsOf('cuda_gpu_trace').filter((row) => row.endsWith('|'))).toHaveLength(1)
  })

  test('sizes are in MB with ties to the even digit: 62 500 bytes are 0.062', () => {
    expect(rowsOf('cuda_gpu_mem_size_sum')[0]).toBe(
      '0.062|1|0.062|0.062|0.062|0.062|0.000|[CUDA memcpy Host-to-Device]',
    )
  })

  test('API calls and device work share one base of percentages', () => {
    // Calls 870 ns, kernels 690 ns, memory operations 17 ns.
    expect(rowsOf('cuda_api_gpu_sum')[0]).toBe(`28.5|450|5|90.0|100.0|10|150|63.6|CUDA_KERNEL|${KA}`)
    expect(rowsOf('cuda_api_gpu_sum')).toHaveLength(10)
    expect(rowsOf('cuda_gpu_sum')).toHaveLength(4)
  })

  test('of the OS runtime only calls count (eventClass 27)', () => {
    expect(rowsOf('osrt_sum')).toEqual(['100.0|40|1|40.0|40.0|40|40|0.0|kB'])
  })
})

describe('launch and execution', () => {
  test('queue time is from the call’s end to the kernel’s start; 0 counts, a negative one is none', () => {
    const rows = rowsOf('cuda_kern_exec_trace').map((row) => row.split('|').slice(0, 7).join('|'))
    expect(rows.slice(0, 4)).toEqual([
      '100|100|||150|150|200',
      '300|100|400|50|450|150|300',
      '500|100|600|0|600|10|110',
      '700|100|||720|40|100',
    ])
  })

  test('the summary counts queues apart, and every node of a graph launch as a row of the same call', () => {
    expect(rowsOf('cuda_kern_exec_sum')).toEqual([
      '1234|1234|0|3|3|380.0|380.0|280|480|100.0|100.0|100.0|100|100|0.0|200.0|200.0|100|300|100.0|80.0|80.0|80|80|0.0|cudaGraphLaunch_v10000|kB(float *)',
      `1234|1235|0|1|1|200.0|200.0|200|200|0.0|50.0|50.0|50|50|0.0|50.0|50.0|50|50|0.0|100.0|100.0|100|100|0.0|cuLaunchKernel|${KA}`,
      `1234|1234|0|4|2|177.5|155.0|100|300|93.2|100.0|100.0|100|100|0.0|25.0|25.0|0|50|35.4|87.5|95.0|10|150|73.2|cudaLaunchKernel|${KA}`,
    ])
  })

  test('throughput cuts the copies a second to a whole number: 10⁹ / 7 ns = 142 857 142', () => {
    expect(rowsOf('cuda_gpu_trace').find((row) => row.startsWith('3020'))).toBe(
      '3020|7|7||||||||||0.062|8928571.375|Pageable|Device|Synthetic GPU (0)|1||7|[CUDA memcpy Host-to-Device]',
    )
  })

  test('a kernel’s shared memory is written in MB', () => {
    expect(rowsOf('cuda_gpu_trace')[0]).toBe(
      `150|150|1|12345|1|1|256|1|1|32|0.000|0.062|||||Synthetic GPU (0)|1||7|${KA}`,
    )
  })

  test('a call has its thread’s name and priority where there are any', () => {
    const rows = rowsOf('cuda_api_trace')
    expect(rows[0]).toBe('100|100|cudaLaunchKernel|0|1|1234|1234|20|kA')
    expect(rows[5]).toBe('2000|50|cuLaunchKernel|0|6|1234|1235||')
  })
})

describe('NVTX', () => {
  test('an open range ends with the last NVTX time; ranges over two threads count', () => {
    expect(
      rowsOf('nvtx_sum').map((row) =>
        row
          .split('|')
          .filter((_, i) => [1, 8, 9].includes(i))
          .join('|'),
      ),
    ).toEqual([
      '1380|PushPop|open',
      '850|PushPop|outer',
      '360|PushPop|inner',
      '160|PushPop|graph',
      '100|PushPop|exact',
      '90|StartEnd|xthread_end',
      '70|StartEnd|xthread_se',
      '40|PushPop|toolate',
    ])
    expect(rowsOf('nvtx_startend_sum')).toHaveLength(2)
    expect(rowsOf('nvtx_pushpop_sum')).toHaveLength(6)
  })

  test('in the push/pop trace an open range ends with the last push/pop time, 1150', () => {
    expect(rowsOf('nvtx_pushpop_trace')).toEqual([
      '50|900|850|360|490|outer|1234|1234|0|1|1||:1|outer',
      '90|450|360|100|260|inner|1234|1234|1|1|2|1|:1:2|--inner',
      '100|200|100|40|60|exact|1234|1234|2|1|8|2|:1:2:8|----exact',
      '150|190|40|0|40|toolate|1234|1234|3|0|4|8|:1:2:8:4|------toolate',
      '690|1150|460|160|300|open|1234|1234|0|1|7||:7|open',
      '990|1150|160|0|160|graph|1234|1234|1|0|3|7|:7:3|--graph',
    ])
  })

  test('projected on the GPU: a span of the launched ops, a graph launch as one op, work outside in a row of its own', () => {
    expect(rowsOf('nvtx_gpu_proj_trace')).toEqual([
      '|3020|110||||1234|1234|2||0|||',
      'outer|150|610|50|850|PushPop|1234|1234|4|0|1|1||:1',
      'inner|150|450|90|360|PushPop|1234|1234|2|1|1|2|1|:1:2',
      'graph|1200|280|990|160|PushPop|1234|1234|1|1|0|3|7|:7:3',
      'xthread_se|2100|100|1990|70|StartEnd|1234|1235|1|0|0|5||:5',
      'open|720|760|690|1380|PushPop|1234|1234|2|0|1|7||:7',
      'exact|150|150|100|100|PushPop|1234|1234|1|2|0|8|2|:1:2:8',
    ])
    expect(rowsOf('nvtx_gpu_proj_sum')[0]).toBe(
      'open|PushPop|760|1380|1|760.0|760.0|760|760|0.0|2|2.0|0.0|1.0',
    )
  })

  test('a kernel counts under every range around its launch', () => {
    const rows = rowsOf('nvtx_kern_sum').map((row) =>
      row
        .split('|')
        .filter((_, i) => [0, 4, 5, 6].includes(i))
        .join('|'),
    )
    expect(rows).toEqual([
      'exact|1|1|150',
      'graph|1|3|240',
      'inner|1|2|300',
      'open|1|3|240',
      'open|1|1|40',
      'outer|1|4|350',
      'xthread_se|1|1|100',
    ])
  })

  test('of equally tight ranges the one with the lower row number is the parent; equal intervals have no level', async () => {
    const tables = smallLaunches()
    const range = tables.NVTX_EVENTS![0]!
    const trace = await traceOf({
      ...tables,
      NVTX_EVENTS: [
        { ...range, start: 10, end: 60, text: 'late' },
        { ...range, start: 0, end: 50, text: 'early' },
        { ...range, start: 20, end: 40, text: 'inside both' },
        { ...range, start: 100, end: 200, text: 'twin' },
        { ...range, start: 100, end: 200, text: 'twin of it' },
      ],
    })
    expect(rowsOf('nvtx_pushpop_trace', trace).map((row) => row.split('|').at(-1))).toEqual([
      'early',
      'late',
      '--inside both',
    ])
    expect(rowsOf('nvtx_pushpop_trace', trace).at(-1)).toContain('|3|1|:1:3|')
    expect(rowsOf('nvtx_gpu_proj_trace', trace).slice(1)).toEqual([
      'twin|150|150|100|100|PushPop|1234|1234|1||1|4||',
      'twin of it|150|150|100|100|PushPop|1234|1234|1||1|5||',
    ])
  })
})

describe('rules', () => {
  test('a gap of exactly 500 ms is none', () => {
    expect(rowsOf('gpu_gaps', gaps)).toEqual([
      '1|620000000|1005000000|1234|0|1',
      '2|501000000|503000000|1234|0|1',
    ])
  })

  test('another threshold finds it', () => {
    expect(runReport(nsysReportOf('gpu_gaps'), gaps, { gapMs: 499 }).length).toBe(3)
    expect(runReport(nsysReportOf('gpu_gaps'), gaps, { rows: 1 }).length).toBe(1)
  })

  test('low pieces side by side are one stretch', () => {
    expect(rowsOf('gpu_time_util', gaps)).toEqual(['1|0.2|1625000000|1000000|1234|0|1'])
  })

  test('use is a sum: three streams at once are in use three times', async () => {
    const kernels = [1, 1, 1, 61].map((start, i) => kernelRow(start, start === 1 ? 31 : 62, i))
    const trace = await traceOf({ ...smallGaps(), CUPTI_ACTIVITY_KIND_KERNEL: kernels })
    // 61 ns in pieces of 3: ten in full use three times over, twenty with 1 ns between them.
    expect(rowsOf('gpu_time_util', trace)).toEqual(['1|0.0|30|31|1234|0|1'])
  })

  test('synchronisations, pageable copies', () => {
    expect(rowsOf('cuda_api_sync')).toEqual(['300|3200|1234|1234|cudaDeviceSynchronize_v3020'])
    expect(rowsOf('cuda_memcpy_async')).toEqual([
      '7|3020|Pageable|Device|0.062|1234|0|1||7|cudaMemcpyAsync_v3020',
    ])
    expect(rowsOf('cuda_memcpy_sync')).toEqual([])
    expect(rowsOf('cuda_memset_sync')).toEqual([])
  })
})

describe('what nsys would skip', () => {
  test('each report says what is missing', async () => {
    const trace = await traceOf({ StringIds: [{ id: 0, value: 'x' }], OSRT_API: [] })
    const said = Object.fromEntries(nsysReports.map((one) => [one.id, whySkipped(one, trace)]))
    expect(said.cuda_gpu_kern_sum).toBe('this export holds no kernels (CUPTI_ACTIVITY_KIND_KERNEL)')
    expect(said.osrt_sum).toBeUndefined()
    expect(() => runReport(nsysReportOf('nvtx_sum'), trace)).toThrow(
      'nvtx_sum skipped: this export holds no NVTX rows (NVTX_EVENTS)',
    )
    expect(toCsv(nsysReportOf('osrt_sum'), runReport(nsysReportOf('osrt_sum'), trace))).toBe('')
  })

  test('a run that is no nsys export has none of its reports', () => {
    const other = { ...launches, meta: { ...launches.meta, format: 'kineto', sourceTables: undefined } }
    expect(whySkipped(nsysReportOf('cuda_api_sum'), other)).toContain(
      'not read from an nsys export (it is kineto)',
    )
  })

  test('an unknown report is refused with the list', () => {
    expect(() => nsysReportOf('cuda_sum')).toThrow('no nsys report "cuda_sum"; there are cuda_gpu_kern_sum, ')
  })
})

test('epoch-sized times come back to the last digit', async () => {
  const epoch = 1_700_000_000_123_456_789n
  const tables = smallLaunches()
  const shifted = (rows: NsysExport['NVTX_EVENTS'] = []) =>
    rows.map((row) => ({
      ...row,
      start: epoch + BigInt(row.start!),
      end: row.end === null ? null : epoch + BigInt(row.end!),
    }))
  const trace = await traceOf({
    ...tables,
    CUPTI_ACTIVITY_KIND_KERNEL: shifted(tables.CUPTI_ACTIVITY_KIND_KERNEL),
    CUPTI_ACTIVITY_KIND_RUNTIME: shifted(tables.CUPTI_ACTIVITY_KIND_RUNTIME),
    CUPTI_ACTIVITY_KIND_MEMCPY: shifted(tables.CUPTI_ACTIVITY_KIND_MEMCPY),
    CUPTI_ACTIVITY_KIND_MEMSET: shifted(tables.CUPTI_ACTIVITY_KIND_MEMSET),
    NVTX_EVENTS: shifted(tables.NVTX_EVENTS),
    OSRT_API: shifted(tables.OSRT_API),
  })
  expect(rowsOf('cuda_kern_exec_trace', trace)[1]).toMatch(
    /^1700000000123457089\|100\|1700000000123457189\|50\|/,
  )
  expect(rowsOf('cuda_kern_exec_sum', trace)).toEqual(rowsOf('cuda_kern_exec_sum'))
  expect(rowsOf('nvtx_sum', trace)).toEqual(rowsOf('nvtx_sum'))
})

test('a CSV field with a comma or a quote is quoted, and its quotes are doubled', async () => {
  const tables = smallLaunches()
  const named = tables.NVTX_EVENTS!.map((row) => ({ ...row, text: 'say "hi", twice' }))
  const trace = await traceOf({ ...tables, NVTX_EVENTS: named })
  const report = nsysReportOf('nvtx_startend_sum')
  expect(toCsv(report, runReport(report, trace))).toBe(
    'Time (%),Total Time (ns),Instances,Avg (ns),Med (ns),Min (ns),Max (ns),StdDev (ns),Range\n' +
      '100.0,160,2,80.0,80.0,70,90,14.1,"say ""hi"", twice"\n',
  )
})

test('the fast CSV of bytes says what the plain one says, on random captures', async () => {
  for (let seed = 0; seed < 15; seed++) {
    const trace = await traceOf(randomNsysExport(seed))
    for (const report of nsysReports) {
      if (whySkipped(report, trace) !== undefined) continue
      const rows = runReport(report, trace)
      expect(Buffer.concat([...csvPieces(report, rows)]).toString('utf8'), report.id).toBe(
        toCsv(report, rows),
      )
    }
  }
})

test('every report has a heading in docs/nsys-parity.md', () => {
  const page = readFileSync(new URL('../../../docs/nsys-parity.md', import.meta.url), 'utf8')
  for (const { id } of nsysReports) expect(page).toContain(`\n### ${id}\n`)
})
