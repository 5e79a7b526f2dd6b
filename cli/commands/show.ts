/** `show RUN ANALYSIS`: one analysis of one run. Its parameters are flags: `minGap` of type ns is --min-gap-ns. */
import { outsideName, parseParameters, run as runAnalysis } from '../../analysis/analysis.ts'
import { analyses, analysisOf } from '../../analysis/index.ts'
import { UserError } from '../../trace/errors.ts'
import { loadTrace } from '../context.ts'
import type { Context } from '../context.ts'
import { textTables } from '../output.ts'

export async function showCommand(
  context: Context,
  run: string,
  analysisId: string,
  flags: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const analysis = analysisOf(analysisId)
  const parameters = parseParameters(analysis, flags)
  const { trace } = await loadTrace(context, run)
  const result = runAnalysis(analysis, trace, parameters)
  context.output.answer(result, () => textTables(analysis.tables(result)))
  return 0
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
  return [...flags.values()]
}
