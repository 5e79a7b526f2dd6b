/** Token merging in global attention. */
import type { Variant, VariantKind } from './variant.ts'

/** `merge:0.5`; a share between 0 and 1. */
export const merge: VariantKind = { pattern: 'merge:R', example: member(0.5), parse }

function parse(argument: string | undefined): Variant | undefined {
  const share = argument !== undefined && /^0?\.\d+$/.test(argument) ? Number(argument) : 0
  return share > 0 ? member(share) : undefined
}

function member(share: number): Variant {
  return {
    id: `merge:${share}`,
    title: `Merge ${Math.round(share * 100)} % of the later frames' tokens`,
    changes: `before global attention, the share ${share} of the tokens after the first frame joins the token most like it`,
    backends: ['onnx', 'torch'],
    outputs: { tolerance: 0.5, why: 'merged tokens share one attention result' },
    edit: { merge: share },
  }
}
