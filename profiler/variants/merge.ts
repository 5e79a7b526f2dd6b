/** Token merging in global attention. */
import type { Variant, VariantKind } from './variant.ts'

/** `merge:0.5`; a share above 0 and up to 1. */
export const merge: VariantKind = { pattern: 'merge:R', example: member(0.5), parse }

function parse(argument: string | undefined): Variant | undefined {
  const share = argument !== undefined && /^(0?\.\d+|1)$/.test(argument) ? Number(argument) : 0
  return share > 0 ? member(share) : undefined
}

function member(share: number): Variant {
  return {
    id: `merge:${share}`,
    title: `Merge ${Math.round(share * 100)} % of the source tokens`,
    changes: `global attention averages ${share} of the patches that are neither in the first frame nor a corner of a 2×2 cell into the patches most like them`,
    backends: ['onnx', 'torch'],
    outputs: { tolerance: 0.5, why: 'merged tokens share one attention result' },
    edit: { merge: share },
  }
}
