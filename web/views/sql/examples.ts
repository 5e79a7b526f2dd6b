/** Statements to begin with, by what they are asked over. docs/sql.md shows them all; a test runs each. */
import type { SqlOver } from '../../../trace/sql-api.ts'

export interface Example {
  readonly title: string
  readonly over: SqlOver
  readonly sql: string
}

export const examples: readonly Example[] = [
  {
    title: 'Longest device ops',
    over: 'trace',
    sql: `SELECT short_name, name, start_ns, duration_ns
FROM device_op
ORDER BY duration_ns DESC
LIMIT 100`,
  },
  {
    title: 'Time by name',
    over: 'trace',
    sql: `SELECT coalesce(short_name, name) AS name, sum(duration_ns) AS total_ns, count(*) AS count
FROM device_op
GROUP BY 1
ORDER BY total_ns DESC`,
  },
  {
    title: 'Launches per range',
    over: 'trace',
    sql: `SELECT range.name, count(*) AS launches, sum(op.duration_ns) AS device_ns
FROM device_op op
JOIN api_call call ON call.row = op.launch
JOIN range ON range.row = call.range
GROUP BY range.name
ORDER BY launches DESC`,
  },
  {
    title: 'Longest gaps of each stream',
    over: 'trace',
    sql: `SELECT stream, start_ns, duration_ns, next FROM (
  SELECT stream, name AS next,
    max(start_ns + duration_ns) OVER before AS start_ns,
    start_ns - max(start_ns + duration_ns) OVER before AS duration_ns
  FROM device_op
  WINDOW before AS (PARTITION BY stream ORDER BY start_ns ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
WHERE duration_ns > 0
ORDER BY duration_ns DESC
LIMIT 100`,
  },
  {
    title: 'From launch to start',
    over: 'trace',
    sql: `SELECT (op.start_ns - call.start_ns) / 10000 * 10 AS wait_us, count(*) AS ops
FROM device_op op
JOIN api_call call ON call.row = op.launch
GROUP BY 1
ORDER BY 1`,
  },
  {
    title: 'Bytes copied by kind',
    over: 'trace',
    sql: `SELECT name, count(*) AS copies, sum(bytes) AS bytes, sum(duration_ns) AS total_ns
FROM device_op
WHERE kind = 'copy'
GROUP BY name
ORDER BY bytes DESC`,
  },
  {
    title: 'Kernels by name, as nsys stores them',
    over: 'original',
    sql: `SELECT name.value AS kernel, count(*) AS count, sum(k.end - k.start) AS total_ns
FROM CUPTI_ACTIVITY_KIND_KERNEL k
JOIN StringIds name ON name.id = k.demangledName
GROUP BY 1
ORDER BY total_ns DESC`,
  },
  {
    title: 'CUDA calls that failed',
    over: 'original',
    sql: `SELECT name.value AS call, call.returnValue, call.start AS start_ns, call.end - call.start AS duration_ns
FROM CUPTI_ACTIVITY_KIND_RUNTIME call
JOIN StringIds name ON name.id = call.nameId
WHERE call.returnValue <> 0
ORDER BY call.start`,
  },
]
