/** `import FILE…`: trace files into the store. */
import { importFile, keepResults } from '../../server/import-file.ts'
import type { Context } from '../context.ts'

export async function importCommand(
  context: Context,
  files: readonly string[],
  options: { label?: string },
): Promise<number> {
  const { output } = context
  const runs: Record<string, unknown>[] = []
  for (const file of files) {
    const { run, already } = await importFile(context.store(), file, {
      label: options.label,
      nsys: context.nsys(),
      progress: ({ rows }) => output.progress(`importing ${file}: ${rows.toLocaleString('en')} rows`),
    })
    output.endProgress()
    const { id, label, format, sourceSha256, counts, skipped, warnings } = context.store().run(run)
    runs.push({ id, label, format, sourceSha256, counts, skipped, warnings, ...(already ? { already } : {}) })
  }
  output.answer({ runs }, () => runs.map(lineOf).join('\n'))
  for (const { id, already } of runs) if (already !== true) keepResults(context.store(), Number(id))
  return 0
}

function lineOf(run: Record<string, unknown>): string {
  const counts = Object.entries(run.counts as Record<string, number>).filter(([, count]) => count > 0)
  const skipped = run.skipped as { what: string; count: number; why: string }[]
  const lines = [
    `run ${run.id as number} "${run.label as string}" (${run.format as string})${run.already === true ? ': imported before' : ''}`,
    `  ${counts.map(([table, count]) => `${table} ${count.toLocaleString('en')}`).join(' · ') || 'no rows'}`,
    ...skipped.map((one) => `  skipped ${one.count.toLocaleString('en')} of ${one.what}: ${one.why}`),
    ...(run.warnings as string[]).map((warning) => `  note: ${warning}`),
  ]
  return lines.join('\n')
}
