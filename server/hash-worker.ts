/**
 * The thread behind `HashAside`: gets a path, answers with its hash, and stays until it is ended. Its descriptor stays open
 * as long: closing any descriptor of a file gives up all locks this process has on it (POSIX), and SQLite may be reading it.
 */
import { openSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { sha256Of } from './hash-file.ts'

const path = workerData as string
const staying = parentPort!.on('message', () => undefined)
staying.postMessage(await sha256Of(path, openSync(path, 'r')))
