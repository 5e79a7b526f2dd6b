/**
 * A capture of this program's own (`capture.json`) and the files it names, joined to one Trace: ranges and OS calls as nsys
 * recorded them, or the harness' own ranges where there is no nsys, and the nodes of ONNX Runtime below them.
 *
 *   nsys       |================== VGGT ==================|
 *              |== Frame_Attention ==||= Global_Attention =|
 *   runtime      |- frame_blocks.3 -|   |- global_blocks.3 -|       sections, from node names
 *                 ▮▮ ▮▮▮▮ ▮ ▮▮▮▮▮ ▮      ▮▮▮▮▮▮▮▮ ▮▮▮ ▮▮           nodes
 *
 * The runtime's clock is put on the ranges' axis by `capture/clock.ts`; the error it may have is a fact of the run.
 */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Capture, CaptureSource } from '../trace/capture.ts'
import { UserError } from '../trace/errors.ts'
import type { Trace, TraceMeta } from '../trace/trace.ts'
import { attribute } from './capture/attribute.ts'
import { pathOf, readManifest, readSource } from './capture/manifest.ts'
import { parseRanges, rangesTrace } from './capture/own-ranges.ts'
import { countsOf, partOf, unusedPart } from './capture/part.ts'
import type { Part } from './capture/part.ts'
import { placeProfile } from './capture/place-profile.ts'
import { stepRanges } from './capture/step-ranges.ts'
import { withoutCaptureRange } from './capture/capture-range.ts'
import type { Format, ReadEffects } from './format.ts'
import { mergeTraces } from './merge.ts'
import { readProfile } from './onnxruntime/read.ts'

/** Above this a reader should know that nodes and ranges may be shifted against each other. */
const WORTH_A_WARNING_NS = 1_000_000

/** The formats that a capture's main file is read with, by its role. */
export interface CaptureReaders {
  'nsys-sqlite': Format
  'kineto-trace'?: Format
}

export const captureFormat = (readers: CaptureReaders): Format => ({
  id: 'parallax-capture',
  title: 'Capture of profile-vggt',
  capture: 'profile-vggt run --out DIR',
  matches: (head) =>
    /^\uFEFF?\s*\{\s*"format"\s*:\s*"parallax-capture"/.test(new TextDecoder().decode(head.subarray(0, 256))),
  read: (path, effects) => readCapture(path, effects, readers),
})

async function readCapture(path: string, effects: ReadEffects, readers: CaptureReaders): Promise<Trace> {
  const capture = await readManifest(path)
  const { base, unused } = await readBase(capture, path, effects, readers)
  const parts = [
    withoutCaptureRange(partOf(base), capture.captureRange),
    ...unused,
    ...(await readNodes(capture, path, effects, base)),
  ]
  const traces = parts.flatMap(({ trace }) => trace ?? [])
  const merged = mergeTraces(traces, metaOf(capture, base, parts, traces))
  if (capture.steps === undefined) return merged
  const { trace, outside } = attribute(merged, stepRanges(merged, capture.steps).flat())
  if (outside > 0) trace.meta.warnings.push(`${outside} nodes lie in no range`)
  return trace
}

/** The file with the ranges: nsys' or Kineto's, else the harness' own; those are counted where they are not used. */
async function readBase(
  capture: Capture,
  path: string,
  effects: ReadEffects,
  readers: CaptureReaders,
): Promise<{ base: Trace; unused: Part[] }> {
  const own = capture.sources.find(({ role }) => role === 'ranges')
  const main = capture.sources.find(({ role }) => role === 'nsys-sqlite' || role === 'kineto-trace')
  const ownTrace =
    own &&
    (await readSource(own, async () =>
      rangesTrace(parseRanges(await readFile(pathOf(own, path), 'utf8'), own.path)),
    ))
  if (main === undefined) {
    if (ownTrace !== undefined) return { base: ownTrace, unused: [] }
    throw new UserError('bad-input', `${basename(path)} names no file that holds a trace; capture again`)
  }
  const reader = readers[main.role as keyof CaptureReaders]
  if (reader === undefined)
    throw new UserError('bad-input', `${main.path}: this program has no reader for a ${main.role}`)
  const base = await readSource(main, () => reader.read(pathOf(main, path), effects))
  const why = `${main.path} holds the same ranges`
  return { base, unused: ownTrace ? [unusedPart(ownTrace.meta.sourceRows, why)] : [] }
}

/** The runtime's profiles, each on the axis of the base's ranges. */
async function readNodes(capture: Capture, path: string, effects: ReadEffects, base: Trace): Promise<Part[]> {
  const { steps, sources } = capture
  if (steps === undefined) return []
  const ranges = stepRanges(base, steps)
  const profiles = sources.filter((source): source is CaptureSource => source.role === 'onnxruntime-profile')
  const parts: Part[] = []
  for (const source of profiles) {
    const profile = await readSource(source, () =>
      readProfile(pathOf(source, path), { signal: effects.signal }),
    )
    parts.push(placeProfile(profile, source, steps, ranges[source.step ?? 0] ?? []))
  }
  return parts
}

function metaOf(capture: Capture, base: Trace, parts: readonly Part[], traces: readonly Trace[]): TraceMeta {
  const errors = parts.flatMap(({ errorNs }) => errorNs ?? [])
  const worst = errors.length > 0 ? Math.max(...errors) : undefined
  const { sourceRows, skipped, warnings } = countsOf(parts)
  const shifted =
    worst !== undefined && worst > WORTH_A_WARNING_NS
      ? [
          `ONNX Runtime’s nodes may be up to ${worst} ns early or late against ranges and OS calls; their lengths and order are exact to 1 µs`,
        ]
      : []
  return {
    ...base.meta,
    format: 'parallax-capture',
    facts: {
      utcEpochNs: `${Math.round(capture.capturedAtMs)}000000`,
      ...base.meta.facts,
      run: { ...capture.run, ...(worst !== undefined && { clockErrorNs: worst }) },
    },
    recorded: [...new Set(traces.flatMap(({ meta }) => meta.recorded))],
    sourceRows,
    skipped,
    warnings: [...capture.warnings, ...warnings, ...shifted],
  }
}
