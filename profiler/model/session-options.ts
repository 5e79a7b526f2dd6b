/** How to open ONNX Runtime sessions when several are open at once. */
import type { InferenceSession } from 'onnxruntime-node'

/**
 * Worker threads that sleep when they have nothing to do. By default they spin for a while, each session's
 * own: with a session per phase, the threads of the ones that have just run take the cores from the one that
 * runs. Measured on two cores with other work on them, `small`, 2 frames of 182×182, median of 9: one session
 * 363 ms, 28 sessions 388 ms; with spinning threads 644 and 1,308 ms.
 */
export const calmThreads: InferenceSession.SessionOptions = {
  extra: { session: { intra_op: { allow_spinning: '0' } } },
}
