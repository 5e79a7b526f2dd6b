/** `show RUN ANALYSIS`: one analysis of one run. Its parameters are flags: `minGap` of type ns is --min-gap-ns. */
import { outsideName, parseParameters, run as runAnalysis } from '../../analysis/analysis.ts'
import type { Analysis } from '../../analysis/analysis.ts'
import { analyses, analysisOf } from '../../analysis/index.ts'
import { iterationsOf } from '../../analysis/iterations.ts'
import { phased } from '../../analysis/phased.ts'
import { windowChoice, windowTitle } from '../../analysis/window-choice.ts'
import { UserError } from '../../trace/errors.ts'
import type { Trace } from '../../trace/trace.ts'
import { loadTrace } from '../context.ts'
import type { Context } from '../context.ts'
import { textTables } from '../output.ts'

type Flags = Readonly<Record<string, string | undefined>>

export async function showCommand(
  context: Context,
  run: string,
  analysisId: string,
  flags: Flags,
): Promise<number> {
  const analysis = analysisOf(analysisId)
  const { window, ...given } = flags
  if (window !== undefined) checkWindow(analysis, window)
  parseParameters(analysis, given)
  const trace = phased((await loadTrace(context, run)).trace)
  const about = windowOf(analysis, trace, flags)
  const result = runAnalysis(analysis, trace, parseParameters(analysis, { ...given, ...about?.choice }))
  if (about === undefined) context.output.answer(result, () => textTables(analysis.tables(result)))
  else {
    const titled = analysis
      .tables(result)
      .map((table) => ({ ...table, title: `${table.title} (${about.title})` }))
    context.output.answer({ window: about.title, ...(result as object) }, () => textTables(titled))
  }
  return 0
}

/** What a windowed analysis is asked of, by the page's own rule; undefined for the others. */
function windowOf(analysis: Analysis, trace: Trace, flags: Flags) {
  // Phases may be asked of all warm iterations at once.
  if (!isWindowed(analysis) || flags.iterations !== undefined) return undefined
  const iterations = iterationsOf(trace)
  const { iteration, phase, fromNs, toNs, window } = flags
  // Said twice is refused further on; a choice that is one is left as it is.
  const said = Object.values({ iteration, phase, from: fromNs ?? toNs }).filter((one) => one !== undefined)
  const choice = said.length > 1 ? {} : windowChoice({ iteration, phase, fromNs, toNs, window }, iterations)
  return { choice, title: windowTitle(choice, iterations) }
}

const isWindowed = (analysis: Analysis): boolean => 'iteration' in analysis.parameters

function checkWindow(analysis: Analysis, window: string): void {
  if (!isWindowed(analysis))
    throw new UserError('bad-request', `${analysis.id} is always about the whole capture`)
  if (window !== 'capture')
    throw new UserError(
      'bad-request',
      `--window takes "capture", not "${window}"; --iteration, --phase, --from-ns and --to-ns choose a part of it`,
    )
}

/** The flags of all analyses, for the command line's parser: name, whether it takes a value, and what for. */
export function showFlags(): { flag: string; key: string; takesValue: boolean; about: string }[] {
  const flags = new Map<string, { flag: string; key: string; takesValue: boolean; about: string }>()
  for (const analysis of Object.values(analyses))
    for (const [name, spec] of Object.entries(analysis.parameters)) {
      const key = outsideName(name, spec)
      const flag = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
      const known = flags.get(flag)
      if (known !== undefined && known.takesValue !== (spec.type !== 'flag'))
        throw new UserError('bad-request', `two analyses disagree about --${flag}`)
      flags.set(flag, { flag, key, takesValue: spec.type !== 'flag', about: spec.about })
    }
  const about = '"capture": all of it, where the median warm iteration would be shown'
  return [...flags.values(), { flag: 'window', key: 'window', takesValue: true, about }]
}
