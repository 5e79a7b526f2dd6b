/**
 * What an analysis is: a pure function from a Trace (and parameters) to plain JSON, declared as data.
 *
 * From the list in `index.ts` come its API route, its CLI verb, its default table, its docs heading and the client's type.
 */
import type { Unit } from '../trace/number-format.ts'
import { callName } from '../trace/call-name.ts'
import { UserError } from '../trace/errors.ts'
import { isRecorded } from '../trace/trace.ts'
import { RECORDS } from '../trace/recorded.ts'
import type { Trace } from '../trace/trace.ts'
import type { TableName } from '../trace/tables.ts'

/** A parameter, named inside; outside it carries its unit: `minGap: 'ns'` is `--min-gap-ns` and `?minGapNs=`. */
export interface ParameterSpec {
  type: 'ns' | 'count' | 'text' | 'flag'
  about: string
}
export type ParameterSpecs = Readonly<Record<string, ParameterSpec>>
type ParameterValue<S extends ParameterSpec> = S['type'] extends 'text'
  ? string
  : S['type'] extends 'flag'
    ? boolean
    : number
/** The parameters an analysis gets: each may be left out. */
export type ParametersOf<P extends ParameterSpecs> = { readonly [K in keyof P]?: ParameterValue<P[K]> }

/**
 * A column of a default table. `unit` decides how a number is written; numbers are right-aligned. `instant` is a time on the
 * run's axis, in ns, written so that it can be found there; words of unit `prose` are sentences, of which nothing is left out.
 */
export interface ResultColumn {
  key: string
  title: string
  unit?: Unit
}
/** A result as a table, for the CLI, CSV and the page's default view. */
export interface ResultTable {
  title: string
  columns: readonly ResultColumn[]
  rows: readonly Readonly<Record<string, string | number | boolean | null>>[]
}

export interface Analysis<P extends ParameterSpecs = ParameterSpecs, R = unknown> {
  /** One noun, the same in file, URL, CLI and docs heading: "idle-gaps". */
  readonly id: string
  readonly title: string
  /** One sentence: what it answers. */
  readonly about: string
  /** Tables without which it has no answer. Compared with what the run recorded, once, here. */
  readonly needs: readonly TableName[]
  /** Tables that it needs, too, unless it can do with what other tables tell: each with that test. */
  readonly derivable?: Partial<Record<TableName, (trace: Trace) => boolean>>
  readonly parameters: P
  compute(trace: Trace, parameters: ParametersOf<P>): R
  tables(result: R): ResultTable[]
}

/** Declares an analysis. Its tables write calls without their version; results keep the whole name. */
export const analysis = <const P extends ParameterSpecs, R>(spec: Analysis<P, R>): Analysis<P, R> => ({
  ...spec,
  tables: (result) => spec.tables(result).map(withCallNames),
})

const withCallNames = (table: ResultTable): ResultTable => ({
  ...table,
  rows: table.rows.map((row) => ({ ...row, ...shortNames(row) })),
})

const shortNames = (row: ResultTable['rows'][number]): Record<string, string> =>
  Object.fromEntries(
    Object.entries(row).flatMap(([key, cell]) => (typeof cell === 'string' ? [[key, callName(cell)]] : [])),
  )

/** The result of an analysis, as a type. */
export type ResultOf<A> = A extends { compute(...args: never[]): infer R } ? R : never

/** Runs an analysis after checking that the run has what it needs. Throws UserError('bad-request') where it has not. */
export function run<P extends ParameterSpecs, R>(
  spec: Analysis<P, R>,
  trace: Trace,
  parameters: ParametersOf<P>,
): R {
  throwMissing(spec.title, missingOf(spec, trace), trace)
  return spec.compute(trace, parameters)
}

/** Tables that an analysis lacks for an answer; none where it has one. */
export function missingOf(
  { needs, derivable = {} }: Pick<Analysis, 'needs' | 'derivable'>,
  trace: Trace,
): TableName[] {
  const tables = Object.entries(derivable) as [TableName, (trace: Trace) => boolean][]
  return [
    ...missingTables(needs, trace),
    ...tables.flatMap(([name, isDerived]) => missingTables([name], trace).filter(() => !isDerived(trace))),
  ]
}

/** Throws UserError('bad-request') that says how to capture what an answer needs and the run did not record. */
export const checkNeeds = (title: string, needs: readonly TableName[], trace: Trace): void =>
  throwMissing(title, missingTables(needs, trace), trace)

const missingTables = (needs: readonly TableName[], trace: Trace): TableName[] =>
  needs.filter((name) => !isRecorded(trace, name) && trace[name].length === 0)

function throwMissing(title: string, missing: readonly TableName[], trace: Trace): void {
  if (missing.length === 0) return
  const words = [...new Set(missing.map((name) => RECORDS[name] ?? name))].join(' and ')
  const how = [...new Set(missing.map((name) => CAPTURE[name] ?? name))].join(' and ')
  const isOfNsys = trace.meta.sourceTables !== undefined
  throw new UserError(
    'bad-request',
    isOfNsys
      ? `${title} needs ${words}, which this capture did not record; capture again with ${how}`
      : `${title} needs ${words}, of which this capture (${trace.meta.format}) has none`,
  )
}

const CAPTURE: Partial<Record<TableName, string>> = {
  device_op: 'CUDA tracing (nsys profile -t cuda)',
  api_call: 'CUDA tracing (nsys profile -t cuda)',
  range: 'NVTX ranges (nsys profile -t nvtx)',
  os_call: 'OS runtime tracing (nsys profile -t osrt)',
  memory_event: 'memory tracking (nsys profile --cuda-memory-usage=true)',
  counter_sample: 'GPU metrics (nsys profile --gpu-metrics-devices=all)',
}

/** The outside name of a parameter: minGap of type ns → minGapNs. */
export const outsideName = (name: string, spec: ParameterSpec): string =>
  spec.type === 'ns' ? `${name}Ns` : name

/** Parameters from strings (a query, command line flags). Throws UserError('bad-request') for what is not one. */
export function parseParameters<P extends ParameterSpecs>(
  spec: Analysis<P, unknown>,
  given: Readonly<Record<string, string | undefined>>,
): ParametersOf<P> {
  const values: Record<string, string | number | boolean> = {}
  const known = new Map(
    Object.entries(spec.parameters).map(([name, p]) => [outsideName(name, p), { name, p }]),
  )
  for (const [key, text] of Object.entries(given)) {
    if (text === undefined) continue
    const parameter = known.get(key)
    if (parameter === undefined)
      throw new UserError(
        'bad-request',
        `${spec.id} has no parameter "${key}"; it takes ${[...known.keys()].join(', ') || 'none'}`,
      )
    values[parameter.name] = parseValue(spec.id, key, parameter.p, text)
  }
  return values as ParametersOf<P>
}

function parseValue(id: string, key: string, spec: ParameterSpec, text: string): string | number | boolean {
  if (spec.type === 'text') return text
  if (spec.type === 'flag') return text !== 'false' && text !== '0'
  const value = Number(text)
  if (text.trim() === '' || !Number.isSafeInteger(value))
    throw new UserError('bad-request', `${id}: ${key} must be a whole number, not "${text}"`)
  return value
}
