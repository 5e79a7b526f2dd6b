/** Running the Python programs of `profiler/torch/`: where they are, what they need, how their errors come back. */
import { fileURLToPath } from 'node:url'
import { UserError } from '../../trace/errors.ts'
import type { ErrorKind } from '../../trace/errors.ts'
import type { Effects, Outcome } from '../effects.ts'
import { lastWords } from '../nsys/failures.ts'
import type { Tool } from '../tools.ts'

/** The folder `python -m profiler.torch.…` is run in: the project's root, or `dist`. */
export const MODULE_ROOT = fileURLToPath(new URL('../../', import.meta.url))

const ERROR_MARK = '@parallax-error '
const ERROR_LINE = 'error: '

/** What the Python at hand has. */
export interface TorchFacts {
  /** "2.13.0+cpu" */
  version: string
  /** The first CUDA device's name; null where PyTorch sees none. */
  gpu: string | null
}

const PROBE = `
import json, safetensors, torch
gpu = torch.cuda.get_device_name(0) if torch.cuda.is_available() else None
print("@torch " + json.dumps({"version": torch.__version__, "gpu": gpu}))
`

/** Asks Python for PyTorch. Throws a UserError that says what to install, and what works without it. Takes seconds. */
export async function findTorch(python: Tool | undefined, effects: Effects): Promise<TorchFacts> {
  const without = '--backend onnx works without it'
  if (python === undefined)
    throw new UserError('tool-missing', `the torch backend needs Python 3.10 or newer on PATH; ${without}`)
  const { code, output } = await effects.run(python.path, ['-c', PROBE], { cwd: MODULE_ROOT })
  const found = /^@torch (.*)$/m.exec(output)?.[1]
  if (code === 0 && found !== undefined) return JSON.parse(found) as TorchFacts
  const missing = /No module named '([\w.]+)'/.exec(output)?.[1]
  throw new UserError(
    'tool-missing',
    missing === undefined
      ? `PyTorch does not load in ${python.path}: ${lastWords(output)}; ${without}`
      : `the torch backend needs the package ${missing} in ${python.path} (${python.path} -m pip install torch numpy safetensors); ${without}`,
  )
}

const KINDS: Record<number, ErrorKind> = { 1: 'failed-check', 2: 'bad-request', 3: 'tool-missing' }

/** The error a program told of in its output, as it meant it; undefined where it told none. */
export function errorTold(output: string): UserError | undefined {
  const line = output.split('\n').find((text) => text.startsWith(ERROR_MARK))
  const [, code, message] = /^(\d+) (.*)$/.exec(line?.slice(ERROR_MARK.length).trim() ?? '') ?? []
  return message === undefined ? undefined : new UserError(KINDS[Number(code)] ?? 'failed-check', message)
}

/** Why a program ended without its answer. */
export function failureOfRun({
  code,
  signal,
  output,
}: Pick<Outcome, 'code' | 'signal' | 'output'>): UserError {
  const told = errorTold(output)
  if (told) return told
  const line = output.split('\n').find((text) => text.startsWith(ERROR_LINE))
  if (line !== undefined)
    return new UserError(KINDS[code ?? 0] ?? 'failed-check', line.slice(ERROR_LINE.length).trim())
  const killed = signal === 'SIGKILL' ? ' (killed: probably out of memory; ask for fewer frames)' : ''
  return new UserError(
    'failed-check',
    `the torch process ended with ${code ?? signal} and no answer${killed}: ${lastWords(output) || 'it said nothing'}`,
  )
}
