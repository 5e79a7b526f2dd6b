/** `check-model DIR`: the model against golden tensors. */
import { checkModelWithTorch } from '../../profiler/backends/torch-check.ts'
import { checkModel } from '../../profiler/check-model.ts'
import type { ModelCheck } from '../../profiler/check-model.ts'
import { nodeEffects } from '../../profiler/effects.ts'
import { locateTools } from '../../profiler/tools.ts'
import { UserError } from '../../trace/errors.ts'
import type { Context } from '../context.ts'

export async function checkModelCommand(
  context: Context,
  folder: string,
  options: { backend: string; attention?: string },
): Promise<number> {
  const forms = ['mha', 'onnx23', 'decomposed'] as const
  const attention = forms.find((form) => form === (options.attention ?? 'mha'))
  if (attention === undefined)
    throw new UserError('bad-request', `--attention must be ${forms.join(', ')}, not "${options.attention}"`)
  if (options.backend !== 'onnx' && options.backend !== 'torch')
    throw new UserError('bad-request', `--backend must be onnx or torch, not "${options.backend}"`)
  const { outputs, tolerance, ok } =
    options.backend === 'onnx'
      ? await checkModel(folder, { attention })
      : await withTorch(folder, options.attention)
  context.output.answer({ outputs, tolerance, ok }, () =>
    [
      ...outputs.map((one) => `${one.name.padEnd(20)} ${one.maxAbsError.toExponential(2)}`),
      ok ? `all within ${tolerance}` : `NOT within ${tolerance}`,
    ].join('\n'),
  )
  return ok ? 0 : 1
}

/** PyTorch takes every form its device has, so none can be asked for. */
async function withTorch(folder: string, attention: string | undefined): Promise<ModelCheck> {
  if (attention !== undefined)
    throw new UserError(
      'bad-request',
      '--attention is of --backend onnx; torch checks every form it has: leave it out',
    )
  const { python } = await locateTools(nodeEffects)
  return checkModelWithTorch(folder, python, nodeEffects)
}
