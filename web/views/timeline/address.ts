/**
 * The timeline in the address: /runs/3/timeline?from=1200&to=98000&span=device_op.512&tracks=…
 *
 *   from, to   the view, ns        window   from-to of the selected stretch      a, b   the cursors
 *   span       table.row           gap        device.ns: the one that contains that time
 *   fold, one, pin, hide, order: lists of ids, separated by "~"; groups, hide-groups: of groups
 */
import type { Arrangement } from './arrangement.ts'

export interface Address {
  from?: number
  to?: number
  window?: readonly [number, number]
  span?: { table: string; row: number }
  /** Of a device (its row), at a time on the run's own axis. */
  gap?: { device: number; ns: number }
  a?: number
  b?: number
  arrangement?: Arrangement
}

const LISTS = {
  fold: 'folded',
  one: 'collapsed',
  pin: 'pinned',
  hide: 'hidden',
  order: 'order',
  groups: 'groupOrder',
  'hide-groups': 'hiddenGroups',
} as const
const SEPARATOR = '~'

/** What a query says; what it does not say, or says wrongly, is left out. */
export function readAddress(query: (name: string) => string | undefined): Address {
  const address: Address = {}
  for (const name of ['from', 'to', 'a', 'b'] as const) {
    const value = numberIn(query(name))
    if (value !== undefined) address[name] = value
  }
  const window = /^(-?\d+)_(-?\d+)$/.exec(query('window') ?? '')
  if (window !== null && Number(window[1]) < Number(window[2]))
    address.window = [Number(window[1]), Number(window[2])]
  const span = /^(\w+)\.(\d+)$/.exec(query('span') ?? '')
  if (span !== null) address.span = { table: span[1]!, row: Number(span[2]) }
  const gap = /^(\d{1,5})\.(-?\d{1,17})$/.exec(query('gap') ?? '')
  if (gap !== null) address.gap = { device: Number(gap[1]), ns: Number(gap[2]) }
  const lists = Object.entries(LISTS).map(([name, key]) => [key, listIn(query(name))] as const)
  const filter = query('find') ?? ''
  if (filter !== '' || lists.some(([, list]) => list !== undefined))
    address.arrangement = {
      ...(Object.fromEntries(lists.map(([key, list]) => [key, list ?? []])) as unknown as Arrangement),
      filter,
    }
  return address
}

/** The query that says it; undefined takes a name out. `usual` is the arrangement that needs no saying. */
export function writeAddress(address: Address, usual: Arrangement): Record<string, string | undefined> {
  const { arrangement } = address
  const whole = (value: number | undefined): string | undefined =>
    value === undefined ? undefined : String(Math.round(value))
  const query: Record<string, string | undefined> = {
    from: whole(address.from),
    to: whole(address.to),
    a: whole(address.a),
    b: whole(address.b),
    window: address.window && `${Math.round(address.window[0])}_${Math.round(address.window[1])}`,
    span: address.span && `${address.span.table}.${address.span.row}`,
    gap: address.gap && `${address.gap.device}.${address.gap.ns}`,
    find: arrangement?.filter,
  }
  const isUsual =
    arrangement === undefined || Object.values(LISTS).every((key) => same(arrangement[key], usual[key]))
  for (const [name, key] of Object.entries(LISTS))
    // An empty list must be said when anything is: it takes back what a run starts with.
    query[name] = isUsual ? undefined : arrangement[key].join(SEPARATOR) || '-'
  return query
}

const same = (a: readonly string[], b: readonly string[]): boolean => a.join(SEPARATOR) === b.join(SEPARATOR)
const numberIn = (text: string | undefined): number | undefined =>
  text !== undefined && /^-?\d{1,17}$/.test(text) ? Number(text) : undefined
const listIn = (text: string | undefined): readonly string[] | undefined =>
  text === undefined ? undefined : text === '-' ? [] : text.split(SEPARATOR)
