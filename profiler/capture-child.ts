/** The child process of a capture: reads a job's file (argv[2]), does it, writes the answer. Started by `jobs.ts`. */
import { readFile, writeFile } from 'node:fs/promises'
import { UserError } from '../trace/errors.ts'
import { PROGRESS_MARK } from './jobs.ts'
import type { JobFile } from './jobs.ts'
import { measure } from './onnx/measure.ts'
import { prepare } from './onnx/prepare.ts'

const progress = (doing: string): void => void process.stdout.write(`${PROGRESS_MARK}${doing}\n`)

const job = JSON.parse(await readFile(process.argv[2]!, 'utf8')) as JobFile
try {
  const answer =
    job.job === 'prepare' ? await prepare(job.request, progress) : await measure(job.request, progress)
  await writeFile(job.answer, JSON.stringify({ answer }))
} catch (error) {
  const message = (error instanceof Error ? error.message : String(error)).split('\n')[0]
  await writeFile(
    job.answer,
    JSON.stringify({ error: { kind: error instanceof UserError ? error.kind : undefined, message } }),
  )
  if (!(error instanceof UserError)) console.error(error)
  process.exitCode = 1
}
