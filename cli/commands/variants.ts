/** `run --list-variants`: every optimization as a switch. */
import { variantKinds } from '../../profiler/variants/index.ts'
import type { Context } from '../context.ts'
import { textTable } from '../text-table.ts'

export function listVariants(context: Context): number {
  const variants = variantKinds.map(({ pattern, example: { title, changes, backends, outputs } }) => ({
    id: pattern,
    title,
    changes,
    backends,
    outputs,
  }))
  context.output.answer({ variants }, () =>
    textTable({
      title: 'Variants',
      columns: [
        { key: 'id', title: 'Variant' },
        { key: 'backends', title: 'Where' },
        { key: 'outputs', title: 'Outputs' },
        { key: 'changes', title: 'What it changes' },
      ],
      rows: variants.map((one) => ({
        ...one,
        backends: one.backends.join(', '),
        outputs: promised(one.outputs),
      })),
    }),
  )
  return 0
}

function promised(outputs: (typeof variantKinds)[number]['example']['outputs']): string {
  if (outputs === 'same') return 'the same'
  return 'tolerance' in outputs ? `within ${outputs.tolerance}` : 'not comparable'
}
