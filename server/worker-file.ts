/**
 * Starting a worker thread from the source tree (TypeScript, through tsx) and from the built tree (JavaScript) alike.
 */
import { Worker } from 'node:worker_threads'

/** Starts `name` (without ending) beside the module whose import.meta.url is given. */
export function startWorker(here: string, name: string, workerData: unknown): Worker {
  const isSource = here.endsWith('.ts')
  const file = new URL(`${name}.${isSource ? 'ts' : 'js'}`, here)
  return new Worker(file, { workerData, ...(isSource ? { execArgv: ['--import', 'tsx'] } : {}) })
}
