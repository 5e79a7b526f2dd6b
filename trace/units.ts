/**
 * The units of every number in the program.
 *
 * A brand costs nothing at run time and stops a nanosecond from being added to a byte. Outside TypeScript
 * (JSON, SQL, CLI flags) the unit stands in the name instead: `durNs`, `start_ns`, `--min-gap-ns`.
 */
declare const unit: unique symbol

/** Integer nanoseconds on a run's own axis (see `Trace.originNs`). Exact to 2^53 ns = 104 days. */
export type Ns = number & { readonly [unit]: 'ns' }
/** Bytes. */
export type Bytes = number & { readonly [unit]: 'bytes' }

/** Says that a plain number is nanoseconds; checks nothing. */
export const ns = (value: number): Ns => value as Ns
/** Says that a plain number is bytes; checks nothing. */
export const bytes = (value: number): Bytes => value as Bytes
