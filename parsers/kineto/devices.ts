/**
 * Devices: those the file lists in `deviceProperties`, and those its events name.
 *
 * On NVIDIA both count alike. ROCm's events count the machine's CPUs too, so the list may say 0 where the events say 2:
 *
 *   one device listed, one named by events   they are the same one
 *   several listed, another one named        its row takes the properties that all listed ones share; which of them
 *                                            it is stays open
 */
import { StringPool, TableBuilder } from '../../trace/builder.ts'
import { device } from '../../trace/tables.ts'
import type { TableOf } from '../../trace/table.ts'

export interface DeviceProperties {
  id: number
  name: string | undefined
  totalMemory: number | undefined
  smCount: number | undefined
  computeMajor: number | undefined
  computeMinor: number | undefined
}

/** The list as it stands in the file's header. What is no list of devices gives none. */
export function devicePropertiesOf(value: unknown): DeviceProperties[] {
  if (!Array.isArray(value)) return []
  return (value as unknown[]).flatMap((one) => {
    if (typeof one !== 'object' || one === null) return []
    const facts = one as Record<string, unknown>
    const id = countOf(facts['id'])
    if (id === undefined || id >= 2 ** 32) return []
    const name = facts['name']
    return {
      id,
      name: typeof name === 'string' && name !== '' ? name : undefined,
      totalMemory: countOf(facts['totalGlobalMem']),
      smCount: countOf(facts['numSms']),
      computeMajor: byteOf(facts['computeMajor']),
      computeMinor: byteOf(facts['computeMinor']),
    }
  })
}

export interface Devices {
  table: TableOf<typeof device>
  /** The row of a device's number in the events. */
  rowOf: (id: number) => number
  warnings: string[]
}

/** `working`: numbers of devices that ran something. `named`: all that any event names. */
export function resolveDevices(
  listed: readonly DeviceProperties[],
  working: ReadonlySet<number>,
  named: ReadonlySet<number>,
  pool: StringPool,
): Devices {
  const warnings: string[] = []
  const byId = new Map(listed.map((one) => [one.id, one]))
  const strangers = [...working].filter((id) => !byId.has(id))
  const isOnly = listed.length === 1 && working.size === 1
  if (isOnly && strangers.length === 1) {
    const [id] = strangers as [number]
    const properties = { ...listed[0]!, id }
    const builder = new TableBuilder(device)
    add(builder, properties, pool)
    return { table: builder.finish(), rowOf: () => 0, warnings }
  }
  const shared = listed.length > 0 && listed.every((one) => isAlike(one, listed[0]!)) ? listed[0]! : undefined
  if (listed.length > 0 && strangers.length > 0)
    warnings.push(
      `events name device ${strangers.join(', ')}, which the file's list of devices does not have: ${shared === undefined ? 'its properties are unknown' : 'all listed ones are alike, so it has their properties'}`,
    )
  const ids = [...new Set([...byId.keys(), ...named, ...working])].sort((a, b) => a - b)
  const builder = new TableBuilder(device)
  const rows = new Map<number, number>()
  for (const id of ids) rows.set(id, add(builder, byId.get(id) ?? { ...(shared ?? UNKNOWN), id }, pool))
  return { table: builder.finish(), rowOf: (id) => rows.get(id)!, warnings }
}

const UNKNOWN = {
  name: undefined,
  totalMemory: undefined,
  smCount: undefined,
  computeMajor: undefined,
  computeMinor: undefined,
}

function add(
  builder: TableBuilder<(typeof device)['columns']>,
  facts: DeviceProperties,
  pool: StringPool,
): number {
  const { name, ...numbers } = facts
  return builder.add({ ...numbers, name: name === undefined ? undefined : pool.intern(name) })
}

const isAlike = (a: DeviceProperties, b: DeviceProperties): boolean =>
  a.name === b.name &&
  a.totalMemory === b.totalMemory &&
  a.smCount === b.smCount &&
  a.computeMajor === b.computeMajor &&
  a.computeMinor === b.computeMinor

const countOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < 2 ** 52
    ? value
    : undefined

const byteOf = (value: unknown): number | undefined => {
  const count = countOf(value)
  return count !== undefined && count < 255 ? count : undefined
}
