/** Verbs about two sides: diff, noise, claims. */
import { claimsCommand } from '../commands/claims.ts'
import { diffCommand } from '../commands/diff.ts'
import type { DiffOptions } from '../commands/diff.ts'
import { noiseCommand } from '../commands/noise.ts'
import type { Verbs } from './verbs.ts'

export function compareVerbs({ command, action }: Verbs): void {
  command('diff <base> <candidate>', 'why one run is faster than another (several captures a side: A1,A2)')
    .option(
      '--gate <limit>',
      'fail on a detectable change past it: latency<=+3%; give it again for more',
      (value: string, before: string[]) => [...before, value],
      [],
    )
    .option('--strict', 'an inconclusive gate fails too')
    .option(
      '--pair <phases>',
      'take a phase of the candidate for one of the base: A=B; A= leaves it without a partner (again for more)',
      (value: string, before: string[]) => [...before, value],
      [],
    )
    .option('--device <number>', 'explain this device (default: the busiest)')
    .option('--components <names>', 'phases for the before/after table, joined by commas (default: all)')
    .option('--markdown <file>', 'the answer as Markdown')
    .option('--junit <file>', 'the gates as JUnit XML')
    .option('--html <file>', 'the answer as one HTML file with its drawings')
    .action(
      action((context, [base, candidate], options) =>
        diffCommand(context, base as string, candidate as string, options as unknown as DiffOptions),
      ),
    )
  command('noise <runs>', 'how much captures of one program differ (A1,A2,…); kept for their device').action(
    action((context, [runs]) => noiseCommand(context, runs as string)),
  )
  command('claims <file> <base> <candidate>', 'what a README says, against what two runs show (YAML)').action(
    action((context, [file, base, candidate]) =>
      claimsCommand(context, file as string, base as string, candidate as string),
    ),
  )
}
