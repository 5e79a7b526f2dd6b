/**
 * The manifest of a capture folder, `capture.json`: what ran, which files tell of it, and how their clocks meet.
 *
 *   <out>/<variant>/capture.json
 *                   report.nsys-rep  report.sqlite      where nsys was used
 *                   ranges.json                         the harness' own ranges, on the host's monotonic clock
 *                   nodes/00-Patch_Embedding.json …     ONNX Runtime's profiles, one a session
 *
 * Paths are relative to the folder, so that it can be moved.
 */
import * as z from 'zod'

/** Which part of a run a file tells. */
export const sourceRoles = [
  'nsys-report',
  'nsys-sqlite',
  'ranges',
  'onnxruntime-profile',
  'kineto-trace',
] as const

const source = z.strictObject({
  path: z.string().min(1),
  role: z.enum(sourceRoles),
  /** Of an ONNX Runtime profile: which step of the model its session is, from 0. */
  step: z.int().min(0).optional(),
})

export const captureSchema = z.strictObject({
  format: z.literal('parallax-capture'),
  version: z.literal(1),
  label: z.string().min(1),
  /** Milliseconds since 1970, when the first measured iteration began. */
  capturedAtMs: z.number(),
  /** What ran and what was measured about it; a name carries its unit. */
  run: z.record(z.string(), z.union([z.string(), z.number()])),
  sources: z.array(source),
  /** How the runtime's records meet the ranges; absent where there is one source only. */
  steps: z
    .strictObject({
      /** Name of the range around one forward pass; `iterations` of them were captured. */
      top: z.string().min(1),
      /** The phase of each step, in the order they run; a range of that name is around each. Empty: the model is one step. */
      phases: z.array(z.string().min(1)),
      /** Runs a session made before the first captured one. */
      runsBefore: z.int().min(0),
      iterations: z.int().min(1),
    })
    .optional(),
  /** The range that opened and closed the tool's capture; it tells of the tool, not of the model. */
  captureRange: z.string().min(1).optional(),
  warnings: z.array(z.string()),
})

export type Capture = z.infer<typeof captureSchema>
export type CaptureSource = z.infer<typeof source>

/** The harness' own ranges. Times in nanoseconds of one monotonic clock since the first range's start. */
export const rangesSchema = z.strictObject({
  format: z.literal('parallax-ranges'),
  version: z.literal(1),
  pid: z.int(),
  tid: z.int(),
  /** In order of start; a parent stands before its children. */
  ranges: z.array(
    z.strictObject({
      name: z.string(),
      startNs: z.int(),
      endNs: z.int(),
      depth: z.int().min(0),
    }),
  ),
})

export type Ranges = z.infer<typeof rangesSchema>
