/**
 * Starting a worker thread from the source tree (TypeScript, through tsx) and from the built tree (JavaScript) alike.
 */
import { Worker } from 'node:worker_threads'
import type { Transferable } from 'node:worker_threads'

/** Bytes of a file from which on a thread's start (about 50 ms) is small beside reading or hashing it. */
export const WORTH_A_THREAD = 32 << 20

/** Starts `name` (without ending) beside the module whose import.meta.url is given. */
export function startWorker(
  here: string,
  name: string,
  workerData: unknown,
  transferList: Transferable[] = [],
): Worker {
  if (!here.endsWith('.ts')) return new Worker(new URL(`${name}.js`, here), { workerData, transferList })
  // Node 20 ignores --import in a worker's own arguments, so the worker registers the loader itself.
  const file = JSON.stringify(new URL(`${name}.ts`, here).href)
  const start = `import('tsx/esm/api').then(({ register }) => { register(); return import(${file}) })`
  return new Worker(start, { eval: true, workerData, transferList })
}
