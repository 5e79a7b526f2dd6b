/**
 * ONNX Runtime's own profile (`enableProfiling`): one record a node and run.
 *
 * A node becomes a device op of kind `node` on the device of its execution provider; the session's records become ranges,
 * and so do the sections that node names tell (`onnxruntime/sections.ts`). Its times are the host's, also for a provider
 * that only enqueues work on a GPU: those stand on their own device row and a warning says so.
 */
import type { Trace } from '../trace/trace.ts'
import type { Format, ReadEffects } from './format.ts'
import { readProfile } from './onnxruntime/read.ts'
import { traceOf } from './onnxruntime/to-trace.ts'

async function read(path: string, effects: ReadEffects): Promise<Trace> {
  return traceOf(await readProfile(path, effects))
}

export const onnxruntime: Format = {
  id: 'onnxruntime',
  title: 'ONNX Runtime profile',
  capture: 'create the session with enableProfiling (Python: SessionOptions.enable_profiling) and end it',
  /** Told by the start of the file: an array whose first records are those that only ONNX Runtime writes. */
  matches: (head) => {
    const text = new TextDecoder().decode(head.subarray(0, 16_384))
    return (
      /^\uFEFF?\s*\[\s*\{/.test(text) &&
      /"cat"\s*:\s*"(Session|Node)"/.test(text) &&
      /"name"\s*:\s*"(model_loading_\w*|session_initialization|model_run|[^"]*_(kernel_time|fence_before))"/.test(
        text,
      )
    )
  },
  read,
}
