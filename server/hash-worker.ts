/** The thread behind `HashAside`: gets a path, answers with its hash. */
import { parentPort, workerData } from 'node:worker_threads'
import { sha256Of } from './hash-file.ts'

parentPort!.postMessage(await sha256Of(workerData as string))
