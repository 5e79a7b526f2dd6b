/**
 * Work that is done in a process of its own, and how the caller starts it.
 *
 * The request and the answer are JSON files: a process that runs under nsys has its output recorded, and its exit status
 * may be nsys'. Progress comes as lines on stdout that begin with a mark.
 */
import { join } from 'node:path'
import { UserError } from '../trace/errors.ts'
import type { ErrorKind } from '../trace/errors.ts'
import type { Effects } from './effects.ts'
import { lastWords } from './nsys/failures.ts'
import { nodeCommand } from './node-command.ts'
import type { MeasureRequest, Measured } from './onnx/measure.ts'
import type { PrepareRequest, Prepared } from './onnx/prepare.ts'

export interface Jobs {
  prepare: { request: PrepareRequest; answer: Prepared }
  measure: { request: MeasureRequest; answer: Measured }
}
export type JobName = keyof Jobs

export type JobFile = { [N in JobName]: { job: N; request: Jobs[N]['request']; answer: string } }[JobName]

export type Answer<N extends JobName> =
  { answer: Jobs[N]['answer'] } | { error: { kind: ErrorKind | undefined; message: string } }

export const PROGRESS_MARK = '@parallax '

export interface JobRun {
  /** Runs the job's command; without it the command is run as it is. */
  around?: (
    command: string[],
    onLine: (line: string) => void,
  ) => Promise<{ output: string; signal?: string | null }>
  progress?: (doing: string) => void
  signal?: AbortSignal
}

/** Runs a job in a child process. Its UserErrors come back as such; a crash becomes one with its last words. */
export async function runJob<N extends JobName>(
  job: N,
  request: Jobs[N]['request'],
  folder: string,
  effects: Effects,
  run: JobRun = {},
): Promise<Jobs[N]['answer']> {
  const file = join(folder, `${job}.json`)
  const answerPath = join(folder, `${job}-answer.json`)
  await effects.remove(answerPath)
  await effects.writeText(file, JSON.stringify({ job, request, answer: answerPath }))
  let doing = 'starting'
  const onLine = (line: string): void => {
    if (!line.startsWith(PROGRESS_MARK)) return
    doing = line.slice(PROGRESS_MARK.length)
    run.progress?.(doing)
  }
  const [program = '', ...args] = [...nodeCommand('./capture-child', import.meta.url), file]
  const { output, signal } = run.around
    ? await run.around([program, ...args], onLine)
    : await effects.run(program, args, { onLine, signal: run.signal })
  if (!(await effects.exists(answerPath)))
    throw new UserError('failed-check', deathOf(job, doing, output, signal))
  const answer = JSON.parse(await effects.readText(answerPath)) as Answer<N>
  if ('answer' in answer) return answer.answer
  const { kind, message } = answer.error
  throw new UserError(kind ?? 'failed-check', message)
}

/** SIGKILL comes from the kernel where memory runs out (or from a person); anything else is told by its last words. */
function deathOf(job: JobName, doing: string, output: string, signal: string | null | undefined): string {
  if (signal === 'SIGKILL')
    return `the ${job} process was killed (at: ${doing}); most likely memory ran out; take fewer frames, a smaller --size or a smaller model, or a machine with more memory`
  const words = output
    .split('\n')
    .filter((line) => !line.startsWith(PROGRESS_MARK))
    .join('\n')
  return `the ${job} process ended without an answer (at: ${doing})${words.trim() === '' ? '' : `: ${lastWords(words)}`}`
}
