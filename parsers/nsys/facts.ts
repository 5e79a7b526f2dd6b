/**
 * Facts about the capture, by allow-list. Environment, command lines, program output and user names stand in these
 * tables too; only the keys named here are looked at, and no other value leaves this file.
 */
import { NONE } from '../../trace/column.ts'
import { TableBuilder } from '../../trace/builder.ts'
import type { TableOf } from '../../trace/table.ts'
import { diagnostic } from '../../trace/tables.ts'
import type { TraceFacts } from '../../trace/trace.ts'
import type { ImportState } from './import-state.ts'

const EXPORT_KEYS = {
  EXPORT_PRODUCT_VERSION: 'exportVersion',
  EXPORT_SCHEMA_VERSION: 'schemaVersion',
} as const

const SYSTEM_KEYS: Record<string, 'driverVersion' | 'cudaVersion'> = {
  NvDriverVersion: 'driverVersion',
  CudaDriverVersion: 'cudaVersion',
}

/** Messages that tell why something is missing. Only these are read; the rest is noise or private. */
const DIAGNOSTICS: readonly RegExp[] = [
  /^CUDA profiling might have not been started correctly/,
  /^No CUDA events collected/,
  /^No NVTX events collected/,
  /^Not all (CUDA|NVTX|OS runtime libraries) events might have been collected/,
  /^Number of CUPTI events produced: \d+/,
  /^Number of incomplete CUPTI events dropped: \d+/,
  /^Could not parse \d+ CUPTI activity records/,
  /^Installed CUDA driver version \(/,
  /^CUDA injection initialization failed/,
  /^Subscribe returned \d+: CUPTI_ERROR/,
  /^CUDA profiling stopped unexpectedly/,
  /^The cudaProfilerStart API was ignored/,
  /^Unable to collect CPU kernel IP\/backtrace samples/,
  /^Reached the size limit on recording trace events/,
  /^CUDA device \d+: /,
]

/** A value that is safe to show: one short line. */
const short = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 300)

export function readFacts(state: ImportState): TraceFacts {
  const facts: TraceFacts = { tool: 'nsys' }
  const exported = pairs(state, state.has('META_DATA_EXPORT') ? 'META_DATA_EXPORT' : 'EXPORT_META_DATA')
  for (const [key, fact] of Object.entries(EXPORT_KEYS)) {
    const value = exported.get(key)
    if (value !== undefined) facts[fact as 'exportVersion'] = short(value)
  }
  const times = exported.get('EXPORT_PARAM_TIMES_TO_EXPORT')
  const chosen = exported.get('EXPORT_PARAM_TABLES_TO_EXPORT')
  if (times) facts.filtered = `times ${short(times)}`
  else if (chosen) facts.filtered = `tables ${short(chosen)}`
  const mode = pairs(state, 'META_DATA_CAPTURE', (key) => key.endsWith(':CUDA_GRAPH_TRACE_OPTIONS:MODE'))
  for (const value of mode.values())
    if (/^(node|graph)$/i.test(value)) facts.graphMode = value.toLowerCase() as 'node'
  readSystem(state, facts)
  const start = state.read('TARGET_INFO_SESSION_START_TIME', { utcEpochNs: 'i64?' })
  const epoch = start.columns.utcEpochNs?.[0]
  const shift = BigInt(/^-?\d+$/.exec(exported.get('EXPORT_CONFIG_TIME_SHIFT') ?? '')?.[0] ?? '0')
  if (epoch !== undefined && epoch > 0n) facts.utcEpochNs = String(epoch - shift)
  return facts
}

function readSystem(state: ImportState, facts: TraceFacts): void {
  const system = pairs(
    state,
    'TARGET_INFO_SYSTEM_ENV',
    (key) => key in SYSTEM_KEYS || key === 'TargetInstallDir' || key === 'ProductVersion',
  )
  for (const [key, fact] of Object.entries(SYSTEM_KEYS)) {
    const value = system.get(key)
    if (value !== undefined && /^[\d. ]+$/.test(value))
      facts[fact] = fact === 'cudaVersion' ? cudaVersion(value) : value.trim()
  }
  // The capturing version has no column; it is the version number inside the tool's install path.
  const version = /(20\d\d\.\d+\.\d+(?:\.\d+)?)/.exec(system.get('TargetInstallDir') ?? '')
  if (version !== null) facts.toolVersion = version[1]!
}

/** 12080 → 12.8 */
const cudaVersion = (value: string): string => {
  const number = Number(value)
  return number >= 1000 ? `${Math.floor(number / 1000)}.${Math.floor((number % 1000) / 10)}` : value.trim()
}

/** A name–value table as a map: the first value of each key that is asked for. */
function pairs(
  state: ImportState,
  table: string,
  wanted: (key: string) => boolean = isExportKey,
): Map<string, string> {
  const result = new Map<string, string>()
  if (!state.has(table)) return result
  const { length, name, value } = state.readPairs(table)
  for (let i = 0; i < length; i++) {
    const key = name(i)
    if (key !== undefined && wanted(key) && !result.has(key)) result.set(key, value(i) ?? '')
  }
  return result
}

const isExportKey = (key: string): boolean =>
  key in EXPORT_KEYS ||
  key === 'EXPORT_PARAM_TIMES_TO_EXPORT' ||
  key === 'EXPORT_PARAM_TABLES_TO_EXPORT' ||
  key === 'EXPORT_CONFIG_TIME_SHIFT'

export function readDiagnostics(state: ImportState): TableOf<typeof diagnostic> {
  const table = 'DIAGNOSTIC_EVENT'
  const out = new TableBuilder(diagnostic)
  const read = state.readPrivate(table, { timestamp: 'ns?', severity: 'u8?', text: 'string?' })
  const { timestamp, severity, text } = read.columns
  for (let i = 0; i < read.length; i++) {
    const index = text?.[i] ?? NONE
    const message = index === NONE ? '' : read.strings[index]!
    if (!DIAGNOSTICS.some((known) => known.test(message)))
      state.skip(table, 1, 'a message that is not on the list of those about missing data')
    else
      out.add({
        time: Number.isNaN(timestamp?.[i] ?? NaN) ? 0 : timestamp![i]!,
        severity: severity?.[i] ?? 0,
        text: state.pool.intern(short(message)),
        sourceRow: read.rowid[i]!,
      })
  }
  return out.finish()
}
