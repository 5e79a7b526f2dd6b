/** `runs`: what is in the store. */
import { textTable } from '../text-table.ts'
import type { Context } from '../context.ts'

export function runsCommand(context: Context): number {
  const runs = context.store().runs()
  context.output.answer({ runs }, () =>
    textTable({
      title: 'Runs',
      columns: [
        { key: 'id', title: 'Run', unit: 'count' },
        { key: 'label', title: 'Label' },
        { key: 'format', title: 'Format' },
        { key: 'device', title: 'Busiest device' },
        { key: 'ops', title: 'Device ops', unit: 'count' },
        { key: 'busyNs', title: 'Busy', unit: 'ns' },
        { key: 'importedAt', title: 'Imported' },
      ],
      rows: runs.map((run) => {
        const device = [...run.devices].sort((a, b) => b.busyNs - a.busyNs)[0]
        return {
          id: run.id,
          label: run.label,
          format: run.format,
          device: device?.name ?? null,
          ops: run.counts.device_op ?? 0,
          busyNs: device?.busyNs ?? null,
          importedAt: run.importedAt.slice(0, 16).replace('T', ' '),
        }
      }),
    }),
  )
  return 0
}
