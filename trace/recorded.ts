/** What a capture may lack, in words. */
import type { TableName } from './tables.ts'

/** What the rows of a table are. */
export const RECORDS: Partial<Record<TableName, string>> = {
  device_op: 'work of a device',
  api_call: 'API calls (launches, copies, syncs)',
  range: 'ranges',
  os_call: 'OS calls',
  memory_event: 'memory events',
  counter_sample: 'samples of counters',
}
