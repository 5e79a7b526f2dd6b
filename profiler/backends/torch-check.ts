/** The golden check in PyTorch: `profiler/torch/check_model.py`, on every attention form its device has. */
import { resolve } from 'node:path'
import type { ModelCheck } from '../check-model.ts'
import type { Effects } from '../effects.ts'
import type { Tool } from '../tools.ts'
import { failureOfRun, findTorch, MODULE_ROOT } from './torch-process.ts'

/**
 * Checks a folder of `config.json`, `weights.safetensors` and `io.safetensors`. Each output's error is the worst of the
 * forms. Throws a UserError for a folder that is not like that, or where PyTorch is missing.
 */
export async function checkModelWithTorch(
  folder: string,
  python: Tool | undefined,
  effects: Effects,
): Promise<ModelCheck> {
  await findTorch(python, effects)
  const args = ['-m', 'profiler.torch.check_model', resolve(folder), '--json']
  const outcome = await effects.run(python!.path, args, { cwd: MODULE_ROOT })
  const answer = outcome.output.split('\n').find((line) => line.startsWith('{"outputs"'))
  if (answer === undefined) throw failureOfRun(outcome)
  const { outputs, tolerance, ok } = JSON.parse(answer) as {
    outputs: { name: string; maxAbsError: number | null }[]
    tolerance: number
    ok: boolean
  }
  return {
    outputs: outputs.map(({ name, maxAbsError }) => ({ name, maxAbsError: maxAbsError ?? NaN })),
    tolerance,
    ok,
  }
}
