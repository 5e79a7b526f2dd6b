/** `sweep`: time and peak memory a frame count, beside the published table. */
import { join } from 'node:path'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { capture } from '../../profiler/capture.ts'
import { nodeEffects } from '../../profiler/effects.ts'
import { locateTools } from '../../profiler/tools.ts'
import { UserError } from '../../trace/errors.ts'
import type { Context } from '../context.ts'
import { textTable } from '../text-table.ts'
import { requestsOf } from './run.ts'
import type { RunOptions } from './run.ts'

/** Published run times: VGGT-1B, aggregator only, bf16 weights, one H100 with FlashAttention 3, about 350 × 518 pixels. */
const PUBLISHED_SECONDS: Readonly<Record<number, number>> = {
  1: 0.04,
  2: 0.05,
  4: 0.07,
  8: 0.11,
  10: 0.14,
  20: 0.31,
  50: 1.04,
  100: 3.12,
  200: 8.75,
}

export async function sweepCommand(
  context: Context,
  options: Omit<RunOptions, 'frames'> & { frames: string },
): Promise<number> {
  const counts = options.frames.split(',').map(Number)
  if (counts.some((count) => !Number.isSafeInteger(count) || count < 1))
    throw new UserError(
      'bad-request',
      `--frames wants counts joined by commas, such as 1,2,4,8, not "${options.frames}"`,
    )
  const tools = await locateTools(nodeEffects)
  const out = options.out ?? (await mkdtemp(join(tmpdir(), 'parallax-sweep-')))
  const rows: Record<string, number | string | null>[] = []
  for (const frames of counts) {
    const [request] = requestsOf({ ...options, frames: String(frames), out: join(out, `frames-${frames}`) })
    const result = await capture(request!, {
      effects: nodeEffects,
      tools,
      progress: (doing) => context.output.progress(`${frames} frames: ${doing}`),
    })
    context.output.endProgress()
    const facts = result.capture.run
    const number = (key: string): number | null => (typeof facts[key] === 'number' ? facts[key] : null)
    rows.push({
      frames,
      medianNs: number('unprofiledMedianNs') ?? number('iterationMedianNs'),
      peakBytes: number('peakMemoryBytes') ?? number('peakRssBytes'),
      provider: String(facts.provider ?? facts.device ?? ''),
      publishedNs:
        options.model === '1b' && PUBLISHED_SECONDS[frames] !== undefined
          ? PUBLISHED_SECONDS[frames] * 1e9
          : null,
    })
  }
  const comparable =
    'published: VGGT-1B, aggregator only, bf16 weights, H100: not this workload unless model, parts and precision agree'
  context.output.answer(
    { model: options.model, rows, published: comparable },
    () =>
      textTable({
        title: `Sweep of ${options.model}`,
        columns: [
          { key: 'frames', title: 'Frames', unit: 'count' },
          { key: 'medianNs', title: 'Median forward', unit: 'ns' },
          { key: 'peakBytes', title: 'Peak memory', unit: 'bytes' },
          { key: 'provider', title: 'Ran on' },
          { key: 'publishedNs', title: 'Published (H100)', unit: 'ns' },
        ],
        rows,
      }) + (rows.some((row) => row.publishedNs !== null) ? `  ${comparable}\n` : ''),
  )
  return 0
}
