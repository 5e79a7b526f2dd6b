/** `noise RUN,RUN,…`: an A/A measurement, kept for the device it was made on. */
import { measureFloor } from '../../analysis/diff/noise-floor.ts'
import { formatNs, formatPercent } from '../../trace/number-format.ts'
import type { Context } from '../context.ts'
import { loadSide } from '../side.ts'

export async function noiseCommand(context: Context, runs: string): Promise<number> {
  const { traces } = await loadSide(context, runs)
  const floor = measureFloor(traces)
  context.store().keepNoiseFloor(floor.device, { share: floor.share, captures: floor.captures })
  context.output.answer(floor, () =>
    [
      `${floor.device}: captures of this program differ by ${formatPercent(100 * floor.share)} beyond their iterations (${floor.captures} captures)`,
      `  means ${floor.meansNs.map(formatNs).join(', ')}; iterations inside a capture vary by ${formatPercent(100 * floor.iterationShare)}`,
      `  Kept: "diff" counts it in for runs on ${floor.device}. More captures make it more certain.`,
    ].join('\n'),
  )
  return 0
}
