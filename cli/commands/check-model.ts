/** `check-model DIR`: the model against golden tensors. */
import { checkModel } from '../../profiler/check-model.ts'
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
  if (options.backend !== 'onnx')
    throw new UserError('bad-request', `--backend must be onnx, not "${options.backend}"`)
  const { outputs, tolerance, ok } = await checkModel(folder, { attention })
  context.output.answer({ outputs, tolerance, ok }, () =>
    [
      ...outputs.map((one) => `${one.name.padEnd(20)} ${one.maxAbsError.toExponential(2)}`),
      ok ? `all within ${tolerance}` : `NOT within ${tolerance}`,
    ].join('\n'),
  )
  return ok ? 0 : 1
}
