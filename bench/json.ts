/**
 * Reading a Kineto trace, measured against JSON.parse of the same file in the same run: MB/s of JSON, and peak memory.
 *
 * The file is synthetic (fixtures/kineto/synthetic.ts). Importing includes everything: decoding, sorting, names, launches.
 */
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { syntheticCounts, syntheticKineto } from '../fixtures/kineto/synthetic.ts'
import { kineto } from '../parsers/kineto/kineto.ts'

const BYTES_PER_LAUNCH = 2600
/** V8's longest string is 2^29 − 24 characters: a larger file has no JSON.parse to compare with. */
const LONGEST_STRING = 2 ** 29 - 24

const peakMb = (): number => process.resourceUsage().maxRSS / 1024

/** Prints the numbers for a file of about so many megabytes. */
export async function main(megabytes = 240): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'parallax-bench-'))
  try {
    const shape = { launches: Math.ceil((megabytes * 1e6) / BYTES_PER_LAUNCH) }
    const path = join(folder, 'synthetic.json')
    await pipeline(Readable.from(syntheticKineto(shape)), createWriteStream(path))
    const { size } = statSync(path)
    const events = Object.values(syntheticCounts(shape)).reduce((sum, count) => sum + count, 0)
    console.log(
      `synthetic Kineto trace: ${(size / 1e6).toFixed(0)} MB, ${events} events; peak so far ${peakMb().toFixed(0)} MB`,
    )

    const plain = await timed('import', size, () => read(path, events))
    await pipeline(createReadStream(path), createGzip({ level: 1 }), createWriteStream(`${path}.gz`))
    await timed('import of the .gz', size, () => read(`${path}.gz`, events))
    if (size > LONGEST_STRING) {
      console.log('JSON.parse cannot read it: longer than the longest string')
      return
    }
    const parsed = await timed('JSON.parse', size, () => {
      const file = JSON.parse(readFileSync(path, 'utf8')) as { traceEvents: unknown[] }
      if (file.traceEvents.length !== events) throw new Error('JSON.parse found another number of events')
    })
    console.log(`import takes ${(plain / parsed).toFixed(2)} × the processor time of JSON.parse alone`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function read(path: string, events: number): Promise<void> {
  const { meta } = await kineto.read(path, {})
  const counted = Object.values(meta.sourceRows).reduce((sum, count) => sum + count, 0)
  if (counted !== events) throw new Error(`${counted} events were read, ${events} written`)
}

/** Wall time, and the processor's own: on a busy machine only the second says what the work costs. */
async function timed(what: string, bytes: number, run: () => void | Promise<void>): Promise<number> {
  const start = performance.now()
  const before = process.cpuUsage()
  await run()
  const ms = performance.now() - start
  const { user, system } = process.cpuUsage(before)
  const cpuMs = (user + system) / 1000
  console.log(
    `${what}: ${(ms / 1000).toFixed(2)} s, ${(bytes / 1000 / ms).toFixed(0)} MB/s (processor: ${(cpuMs / 1000).toFixed(2)} s, ${(bytes / 1000 / cpuMs).toFixed(0)} MB/s), peak memory ${peakMb().toFixed(0)} MB`,
  )
  return cpuMs
}
