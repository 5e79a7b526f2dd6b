/**
 * GPU metrics (SM, DRAM, clocks …) → counter and counter_sample. The physical GPU is typeId & 0xFF; a metricId means
 * something only together with its typeId. Clocks are hertz, although their names say "[MHz]".
 */
import { NONE } from '../../trace/column.ts'
import { tableFrom, TableBuilder } from '../../trace/builder.ts'
import type { TableOf } from '../../trace/table.ts'
import { counter, counterSample } from '../../trace/tables.ts'
import { ascendingOrder } from '../order.ts'
import type { ImportState } from './import-state.ts'
import { inOrder } from './rows.ts'

export interface Metrics {
  counter: TableOf<typeof counter>
  counter_sample: TableOf<typeof counterSample>
}

export function readMetrics(state: ImportState): Metrics {
  const counters = new TableBuilder(counter)
  const rows = new Map<string, number>()
  const info = state.read('TARGET_INFO_GPU_METRICS', {
    typeId: 'i64?',
    typeName: 'string?',
    metricId: 'u32?',
    metricName: 'string?',
  })
  for (let i = 0; i < info.length; i++) {
    const { typeId, metricId, metricName } = info.columns
    const key = `${typeId?.[i]}/${metricId?.[i]}`
    if (typeId === undefined || metricName === undefined || rows.has(key)) continue
    const told = metricName[i] ?? NONE
    const name = told === NONE ? 0 : told
    rows.set(
      key,
      counters.add({
        name,
        unit: state.pool.intern(unitOf(state.pool.strings[name]!)),
        device: state.devices.rowOfId(Number(typeId[i]! & 0xffn)),
      }),
    )
  }
  const read = state.read('GPU_METRICS', {
    timestamp: 'ns?',
    typeId: 'i64?',
    metricId: 'u32?',
    value: 'f64?',
  })
  const { timestamp, typeId, metricId, value } = read.columns
  const time = new Float64Array(read.length)
  const which = new Uint32Array(read.length)
  const values = new Float64Array(read.length)
  let n = 0
  const cache = new Map<bigint, Map<number, number>>()
  for (let i = 0; i < read.length; i++) {
    const at = timestamp?.[i] ?? NaN
    if (Number.isNaN(at)) {
      state.skip('GPU_METRICS', 1, 'without a time')
      continue
    }
    const type = typeId?.[i] ?? 0n
    const metric = metricId?.[i] ?? 0
    let byMetric = cache.get(type)
    if (byMetric === undefined) cache.set(type, (byMetric = new Map()))
    let row = byMetric.get(metric)
    if (row === undefined) {
      row =
        rows.get(`${type}/${metric}`) ??
        counters.add({
          name: state.pool.intern(`metric ${metric}`),
          device: state.devices.rowOfId(Number(type & 0xffn)),
        })
      byMetric.set(metric, row)
    }
    time[n] = at
    which[n] = row
    values[n++] = value?.[i] ?? NaN
  }
  const columns = { time: time.slice(0, n), counter: which.slice(0, n), value: values.slice(0, n) }
  return {
    counter: counters.finish(),
    counter_sample: tableFrom(counterSample, inOrder(columns, ascendingOrder(columns.time)), n),
  }
}

const unitOf = (name: string): string =>
  name.includes('[Throughput %]') || name.endsWith('%') ? '%' : /\[[GMk]?Hz\]/.test(name) ? 'Hz' : ''
