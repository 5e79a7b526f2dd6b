/** What a variant is: one optimization (or the lack of one), as a switch. */
import { UserError } from '../../trace/errors.ts'
import type { Plan } from '../model/plan.ts'

export type Backend = 'onnx' | 'torch'

/** What happens to the outputs, against the baseline with the same weights and images. */
export type OutputPromise =
  /** Equal but for rounding: within `sameTolerance` (`model/output-error.ts`). */
  | 'same'
  /**
   * They change: every output's relative error (same file) is at most this, with random weights at `tiny` and
   * `small` size.
   */
  | { readonly tolerance: number; readonly why: string }
  /** They have another shape and cannot be compared. */
  | { readonly incomparable: string }

export interface Variant {
  /** As it is written on a command line: `kv-sub:2`. */
  readonly id: string
  readonly title: string
  /** What it does differently from the baseline, in one sentence. */
  readonly changes: string
  readonly backends: readonly Backend[]
  readonly outputs: OutputPromise
  /** What it changes in the plan an ONNX graph is built by. Backends other than ONNX go by the id. */
  readonly edit: Partial<Plan>
}

/** A variant, or a family of them with a parameter. */
export interface VariantKind {
  /** The id with its parameter as a letter: `kv-sub:R`. */
  readonly pattern: string
  /** A member of the family, to list and to test. */
  readonly example: Variant
  /** The member for what stands behind the name; undefined if it is no such thing. */
  readonly parse: (argument: string | undefined) => Variant | undefined
}

/** A variant without a parameter. */
export function single(variant: Variant): VariantKind {
  return {
    pattern: variant.id,
    example: variant,
    parse: (argument) => (argument === undefined ? variant : undefined),
  }
}

/** A family with a whole number of at least `least`: `name:N`. */
export function counted(
  name: string,
  letter: string,
  { least, example }: { readonly least: number; readonly example: number },
  make: (count: number) => Omit<Variant, 'id'>,
): VariantKind {
  const member = (count: number): Variant => ({ id: `${name}:${count}`, ...make(count) })
  return {
    pattern: `${name}:${letter}`,
    example: member(example),
    parse: (argument) =>
      argument !== undefined && /^\d+$/.test(argument) && Number(argument) >= least
        ? member(Number(argument))
        : undefined,
  }
}

/** A family with one of some words: `name=word`. */
export function chosen<Word extends string>(
  name: string,
  words: readonly Word[],
  make: (word: Word) => Omit<Variant, 'id'>,
): VariantKind {
  const member = (word: Word): Variant => ({ id: `${name}=${word}`, ...make(word) })
  return {
    pattern: `${name}=${words.join('|')}`,
    example: member(words[0]!),
    parse(argument) {
      const word = words.find((known) => known === argument)
      return word === undefined ? undefined : member(word)
    },
  }
}

/** Throws unless the variant exists on the backend. */
export function checkBackend(variant: Variant, backend: Backend): void {
  if (variant.backends.includes(backend)) return
  const where = variant.backends.join(' and ')
  throw new UserError(
    'bad-request',
    `variant ${variant.id}: not on the ${backend} backend; it exists on ${where}`,
  )
}
