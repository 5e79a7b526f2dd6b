/**
 * What a claim is about: a quantity and what is made of its two sides.
 *
 *   latency.speedup                 base / candidate                      more is better
 *   launch.count.reduction          1 − candidate / base, in per cent     more is better
 *   latency.candidate · .base       one side by itself                    less is better, for times, counts and bytes
 */
import { UserError } from '../../trace/errors.ts'
import { definitionOf, quantityOf, unitOf } from '../metrics/quantity.ts'
import type { Quantity } from '../metrics/quantity.ts'

const FORMS = ['speedup', 'reduction', 'candidate', 'base'] as const
export type Form = (typeof FORMS)[number]

export interface Expression {
  quantity: Quantity
  form: Form
  unit: 'ns' | 'bytes' | 'percent' | 'count' | 'ratio'
  /** Which way is better than claimed; undefined for the base, which should be what it was said to be. */
  better: 'more' | 'less' | undefined
  definition: string
}

/** Reads "phase[Frame_Attention].busy.speedup". Throws UserError('bad-input') for what is none. */
export function expressionOf(text: string): Expression {
  const [, name, last] = /^(.*?)(?:\.(speedup|reduction|candidate|base))?$/.exec(text.trim())!
  let quantity: Quantity
  try {
    quantity = quantityOf(name!)
  } catch (error) {
    throw new UserError('bad-input', `claim "${text}": ${(error as Error).message}`, { cause: error })
  }
  const form = (last ?? 'candidate') as Form
  const of = definitionOf(quantity)
  if (form === 'speedup')
    return { quantity, form, unit: 'ratio', better: 'more', definition: `base / candidate of: ${of}` }
  if (form === 'reduction')
    return { quantity, form, unit: 'percent', better: 'more', definition: `1 − candidate / base of: ${of}` }
  const better = form === 'base' ? undefined : quantity.name === 'gpu.utilisation' ? 'more' : 'less'
  return { quantity, form, unit: unitOf(quantity), better, definition: `${of}, ${form}` }
}

/** The expression's value for one pair of iterations; undefined where it divides by nothing. */
export function valueOf(form: Form, base: number, candidate: number): number | undefined {
  if (form === 'base') return base
  if (form === 'candidate') return candidate
  if (form === 'speedup') return candidate === 0 ? undefined : base / candidate
  return base === 0 ? undefined : 100 * (1 - candidate / base)
}
