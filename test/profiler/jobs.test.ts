import { expect, it } from 'vitest'
import type { Effects, Outcome } from '../../profiler/effects.ts'
import { runJob } from '../../profiler/jobs.ts'
import type { MeasureRequest } from '../../profiler/onnx/measure.ts'
import { UserError } from '../../trace/errors.ts'

const unused = (): never => {
  throw new Error('not part of this test')
}

/** A child that prints `output` and leaves `answer` (nothing, where it crashed). */
function childThat(answer: unknown, output = '', signal: string | null = null): Effects {
  const files = new Map<string, string>([['work/measure-answer.json', '{"answer":"of an earlier run"}']])
  return {
    run: (_, args, options) => {
      for (const line of output.split('\n')) options?.onLine?.(line)
      const job = JSON.parse(files.get(args.at(-1)!)!) as { answer: string }
      if (answer !== undefined) files.set(job.answer, JSON.stringify(answer))
      return Promise.resolve({ code: 0, signal, output } satisfies Outcome)
    },
    exists: (path) => Promise.resolve(files.has(path)),
    readText: (path) => Promise.resolve(files.get(path)!),
    writeText: (path, text) => Promise.resolve(void files.set(path, text)),
    remove: (path) => Promise.resolve(void files.delete(path)),
    size: unused,
    writeBytes: unused,
    list: unused,
    makeFolder: unused,
    move: unused,
    now: unused,
  }
}
const request = {} as MeasureRequest
const errorOf = async (effects: Effects): Promise<UserError> => {
  const error: unknown = await runJob('measure', request, 'work', effects).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UserError)
  return error as UserError
}

it('a job’s answer is what its process wrote, and its progress what it marked as such', async () => {
  const told: string[] = []
  const effects = childThat(
    { answer: { iterationsNs: [1] } },
    '@parallax warm-up 1 of 1\nnoise\n@parallax 3 iterations',
  )
  const answer = await runJob('measure', request, 'work', effects, { progress: (doing) => told.push(doing) })
  expect(answer.iterationsNs).toEqual([1])
  expect(told).toEqual(['warm-up 1 of 1', '3 iterations'])
})

it('an error a person can act on comes back as it was', async () => {
  const error = await errorOf(childThat({ error: { kind: 'bad-request', message: 'no such variant' } }))
  expect([error.kind, error.message]).toEqual(['bad-request', 'no such variant'])
})

it('a process that dies is told by its last words; the answer of an earlier run is not taken for its own', async () => {
  const error = await errorOf(
    childThat(undefined, '@parallax loading the model\nterminate called: std::bad_alloc'),
  )
  expect(error.message).toBe(
    'the measure process ended without an answer (at: loading the model): terminate called: std::bad_alloc',
  )
})

it('a process that the kernel killed says what it was doing, and that memory is the likely reason', async () => {
  const error = await errorOf(childThat(undefined, '@parallax 3 iterations', 'SIGKILL'))
  expect(error.message).toMatch(
    /^the measure process was killed \(at: 3 iterations\); most likely memory ran out; take/,
  )
})
