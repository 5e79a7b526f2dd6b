/**
 * The element types a column may have, and how each says "absent".
 *
 * `ns` and `f64` are doubles (integers exact to 2^53), `i64` is for ids and addresses, `string` is an index into the
 * trace's string pool, `row` an index into another table. A `?` means that a row may have no value; then one sentinel
 * per type stands for it, so that a column stays one flat typed array:
 *
 *   u8? 255 · u16? 65535 · u32? string? row? 4294967295 · i32? -2^31 · ns? f64? NaN · i64? -2^63
 */
export type ElementType = 'ns' | 'f64' | 'u8' | 'u16' | 'u32' | 'i32' | 'i64' | 'string' | 'row'
export type ColumnType = ElementType | `${ElementType}?`

interface Arrays {
  ns: Float64Array
  f64: Float64Array
  u8: Uint8Array
  u16: Uint16Array
  u32: Uint32Array
  i32: Int32Array
  i64: BigInt64Array
  string: Uint32Array
  row: Uint32Array
}

/** The typed array that holds a column of type T. */
export type ArrayOf<T extends ColumnType> = T extends `${infer E extends ElementType}?`
  ? Arrays[E]
  : T extends ElementType
    ? Arrays[T]
    : never

export type ColumnArray = Arrays[ElementType]

/** The sentinel of `u32?`, `string?` and `row?`. */
export const NONE = 0xffffffff
/** The sentinel of `u8?`. */
export const NONE_U8 = 0xff
/** The sentinel of `u16?`. */
export const NONE_U16 = 0xffff
/** The sentinel of `i32?`. */
export const NONE_I32 = -0x80000000
/** The sentinel of `i64?`. */
export const NONE_I64 = -(2n ** 63n)

const CONSTRUCTORS = {
  ns: Float64Array,
  f64: Float64Array,
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  i32: Int32Array,
  i64: BigInt64Array,
  string: Uint32Array,
  row: Uint32Array,
} as const

const SENTINELS = {
  ns: NaN,
  f64: NaN,
  u8: NONE_U8,
  u16: NONE_U16,
  u32: NONE,
  i32: NONE_I32,
  i64: NONE_I64,
  string: NONE,
  row: NONE,
} as const

export const isOptional = (type: ColumnType): boolean => type.endsWith('?')

export const elementOf = (type: ColumnType): ElementType =>
  (isOptional(type) ? type.slice(0, -1) : type) as ElementType

/** A zero-filled array of `length` elements for a column of this type. */
export const newArray = <T extends ColumnType>(type: T, length: number): ArrayOf<T> =>
  new CONSTRUCTORS[elementOf(type)](length) as ArrayOf<T>

/** The typed array over `buffer` for a column of this type; the byte length must be a multiple of the element's. */
export const arrayOver = <T extends ColumnType>(type: T, buffer: ArrayBuffer): ArrayOf<T> =>
  new CONSTRUCTORS[elementOf(type)](buffer) as ArrayOf<T>

/** The value that stands for "absent" in a column of this type. */
export const sentinelOf = (type: ColumnType): number | bigint => SENTINELS[elementOf(type)]

/** Whether a stored value is the type's sentinel. Only meaningful for a column that may be absent. */
export const isAbsent = (type: ColumnType, value: number | bigint): boolean => {
  const sentinel = sentinelOf(type)
  return typeof sentinel === 'number' && Number.isNaN(sentinel) ? Number.isNaN(value) : value === sentinel
}

/** The values in another order: element i of the result is values[order[i]]. */
export function permuted<A extends ColumnArray>(values: A, order: Uint32Array): A {
  // One loop a type: a loop that sees several kinds of array runs ten times slower in V8.
  if (values instanceof Float64Array) return permutedF64(values, order) as A
  if (values instanceof Uint32Array) return permutedU32(values, order) as A
  if (values instanceof Uint8Array) return permutedU8(values, order) as A
  if (values instanceof Uint16Array) return permutedU16(values, order) as A
  if (values instanceof Int32Array) return permutedI32(values, order) as A
  return permutedI64(values as BigInt64Array, order) as A
}

function permutedF64(from: Float64Array, order: Uint32Array): Float64Array {
  const to = new Float64Array(order.length)
  for (let i = 0; i < order.length; i++) to[i] = from[order[i]!]!
  return to
}

function permutedU32(from: Uint32Array, order: Uint32Array): Uint32Array {
  const to = new Uint32Array(order.length)
  for (let i = 0; i < order.length; i++) to[i] = from[order[i]!]!
  return to
}

function permutedU16(from: Uint16Array, order: Uint32Array): Uint16Array {
  const to = new Uint16Array(order.length)
  for (let i = 0; i < order.length; i++) to[i] = from[order[i]!]!
  return to
}

function permutedU8(from: Uint8Array, order: Uint32Array): Uint8Array {
  const to = new Uint8Array(order.length)
  for (let i = 0; i < order.length; i++) to[i] = from[order[i]!]!
  return to
}

function permutedI32(from: Int32Array, order: Uint32Array): Int32Array {
  const to = new Int32Array(order.length)
  for (let i = 0; i < order.length; i++) to[i] = from[order[i]!]!
  return to
}

function permutedI64(from: BigInt64Array, order: Uint32Array): BigInt64Array {
  const to = new BigInt64Array(order.length)
  for (let i = 0; i < order.length; i++) to[i] = from[order[i]!]!
  return to
}

/** Puts value i at `place[i]` of `to`, which is of the same kind; NONE leaves it out. */
export function scatter(from: ColumnArray, place: Uint32Array, to: ColumnArray): void {
  // One loop a type, as above.
  if (from instanceof Float64Array) scatterF64(from, place, to as Float64Array)
  else if (from instanceof Uint32Array) scatterU32(from, place, to as Uint32Array)
  else if (from instanceof Uint8Array) scatterU8(from, place, to as Uint8Array)
  else if (from instanceof Uint16Array) scatterU16(from, place, to as Uint16Array)
  else if (from instanceof Int32Array) scatterI32(from, place, to as Int32Array)
  else scatterI64(from as BigInt64Array, place, to as BigInt64Array)
}

function scatterF64(from: Float64Array, place: Uint32Array, to: Float64Array): void {
  for (let i = 0; i < from.length; i++) if (place[i] !== NONE) to[place[i]!] = from[i]!
}

function scatterU32(from: Uint32Array, place: Uint32Array, to: Uint32Array): void {
  for (let i = 0; i < from.length; i++) if (place[i] !== NONE) to[place[i]!] = from[i]!
}

function scatterU8(from: Uint8Array, place: Uint32Array, to: Uint8Array): void {
  for (let i = 0; i < from.length; i++) if (place[i] !== NONE) to[place[i]!] = from[i]!
}

function scatterU16(from: Uint16Array, place: Uint32Array, to: Uint16Array): void {
  for (let i = 0; i < from.length; i++) if (place[i] !== NONE) to[place[i]!] = from[i]!
}

function scatterI32(from: Int32Array, place: Uint32Array, to: Int32Array): void {
  for (let i = 0; i < from.length; i++) if (place[i] !== NONE) to[place[i]!] = from[i]!
}

function scatterI64(from: BigInt64Array, place: Uint32Array, to: BigInt64Array): void {
  for (let i = 0; i < from.length; i++) if (place[i] !== NONE) to[place[i]!] = from[i]!
}
