/** All variants, in the order they are listed to people; reading and composing them. */
import { UserError } from '../../trace/errors.ts'
import type { AttentionForm } from '../model/built.ts'
import type { Plan } from '../model/plan.ts'
import { baselinePlan } from '../model/plan.ts'
import { attention } from './attention.ts'
import { baseline } from './baseline.ts'
import { bf16Weights } from './bf16-weights.ts'
import { compile } from './compile.ts'
import { contiguousQkv } from './contiguous-qkv.ts'
import { cudagraph } from './cudagraph.ts'
import { dptChunk } from './dpt-chunk.ts'
import { fp16 } from './fp16.ts'
import { frameBatched } from './frame-batched.ts'
import { frameChunk } from './frame-chunk.ts'
import { frameSeq } from './frame-seq.ts'
import { g2fFramew } from './g2f-framew.ts'
import { g2fOwn } from './g2f-own.ts'
import { headsBf16 } from './heads-bf16.ts'
import { headsTf32 } from './heads-tf32.ts'
import { int8 } from './int8.ts'
import { keep4 } from './keep4.ts'
import { kvSub } from './kv-sub.ts'
import { merge } from './merge.ts'
import { noPointHead } from './no-point-head.ts'
import { resolution } from './resolution.ts'
import { ropeFused } from './rope-fused.ts'
import { ropeNosync } from './rope-nosync.ts'
import { sdpa } from './sdpa.ts'
import type { Backend, OutputPromise, Variant, VariantKind } from './variant.ts'
import { checkBackend } from './variant.ts'

export type { Backend, OutputPromise, Variant, VariantKind } from './variant.ts'

export const variantKinds: readonly VariantKind[] = [
  baseline,
  frameSeq,
  frameBatched,
  frameChunk,
  attention,
  sdpa,
  contiguousQkv,
  ropeNosync,
  ropeFused,
  keep4,
  g2fOwn,
  g2fFramew,
  kvSub,
  merge,
  fp16,
  int8,
  bf16Weights,
  headsBf16,
  headsTf32,
  dptChunk,
  noPointHead,
  resolution,
  compile,
  cudagraph,
]

const nameOf = (id: string): string => id.replace(/[:=].*$/s, '')

/** Reads one id. Throws a UserError that shows the pattern, or the list. */
export function parseVariant(id: string): Variant {
  const name = nameOf(id)
  const kind = variantKinds.find((known) => nameOf(known.pattern) === name)
  if (!kind) {
    const known = variantKinds.map((each) => each.pattern).join(', ')
    throw new UserError('bad-request', `no variant is called ${name}; choose from ${known}`)
  }
  const argument = id.length > name.length ? id.slice(name.length + 1) : undefined
  const separator = kind.pattern[name.length]
  const variant = id[name.length] === separator ? kind.parse(argument) : undefined
  if (variant) return variant
  throw new UserError('bad-request', `variant ${id}: write it as ${kind.pattern}, such as ${kind.example.id}`)
}

/** Reads `a,b`: variants to be applied together. */
export const parseVariants = (ids: string): Variant[] => ids.split(',').map((id) => parseVariant(id.trim()))

/**
 * The baseline's plan with all the variants' edits. Throws a UserError if one is not on the backend or two of
 * them want different things of the same choice.
 */
export function planOf(ids: readonly string[], backend: Backend, form?: AttentionForm): Plan {
  const chosen = new Map<string, { readonly by: string; readonly value: unknown }>()
  if (form) chosen.set('attention', { by: 'the attention option', value: form })
  for (const variant of ids.map(parseVariant)) {
    checkBackend(variant, backend)
    for (const [key, value] of Object.entries(variant.edit)) {
      const other = chosen.get(key)
      if (other && JSON.stringify(other.value) !== JSON.stringify(value)) {
        throw new UserError(
          'bad-request',
          `variants ${other.by} and ${variant.id} exclude each other; choose one`,
        )
      }
      chosen.set(key, { by: variant.id, value })
    }
  }
  const fewerKeys = chosen.get('keySubsample')
  const merged = chosen.get('merge')
  if (fewerKeys && merged) {
    // Merging needs a key for every query.
    throw new UserError(
      'bad-request',
      `variants ${fewerKeys.by} and ${merged.by} exclude each other; choose one`,
    )
  }
  return { ...baselinePlan, ...Object.fromEntries([...chosen].map(([key, { value }]) => [key, value])) }
}

/** What several variants together promise: tolerances add up. */
export function promiseOf(variants: readonly Variant[]): OutputPromise {
  let tolerance = 0
  const reasons: string[] = []
  for (const { id, outputs } of variants) {
    if (outputs === 'same') continue
    if ('incomparable' in outputs) return outputs
    tolerance += outputs.tolerance
    reasons.push(`${id}: ${outputs.why}`)
  }
  return reasons.length === 0 ? 'same' : { tolerance, why: reasons.join('; ') }
}
