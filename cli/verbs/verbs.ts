/** What every verb is made with: a command with the global flags, and an action with a context that is closed after it. */
import type { Command } from 'commander'
import type { Context } from '../context.ts'

/** Runs a verb: its arguments in order, its options by name; answers with the exit code. */
export type Run = (
  context: Context,
  args: readonly unknown[],
  options: Record<string, unknown>,
) => Promise<number> | number

export interface Verbs {
  /** A command with the global flags, which may stand before or after its own arguments. */
  command(usage: string, about: string): Command
  action(run: Run): (...given: unknown[]) => Promise<void>
}
