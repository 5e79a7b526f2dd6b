/**
 * Names of device ops, and what they tell.
 */
import { NONE, NONE_U8 } from '../../trace/column.ts'
import { DeviceOpKind } from '../../trace/tables.ts'
import type { Collector } from './collect.ts'
import { copyFacts, setMemoryKind, SET_NAME } from './copies.ts'
import { baseName } from './kernel-name.ts'
import { remembered } from './names.ts'
import type { Names } from './names.ts'

/** Columns in this order of rows: names, of kernels the base name, of copies and sets the kinds of memory. */
export function opNames(
  { rows: { ops } }: Collector,
  order: Uint32Array,
  names: Names,
): Record<string, Uint32Array | Uint8Array> {
  const kind = ops.column('kind', order)
  const text = ops.column('name', order)
  const short = remembered((number) => names.pool.intern(baseName(names.text(number))))
  const copy = remembered((number) => {
    const facts = copyFacts(names.text(number))
    return { ...facts, index: names.pool.intern(facts.name) }
  })
  const set = remembered((number) => setMemoryKind(names.text(number)))
  const name = new Uint32Array(ops.length)
  const shortName = new Uint32Array(ops.length).fill(NONE)
  const copyKind = new Uint8Array(ops.length).fill(NONE_U8)
  const srcKind = new Uint8Array(ops.length).fill(NONE_U8)
  const dstKind = new Uint8Array(ops.length).fill(NONE_U8)
  const memoryKind = new Uint8Array(ops.length).fill(NONE_U8)
  for (let op = 0; op < ops.length; op++) {
    const number = text[op]!
    if (kind[op] === DeviceOpKind.kernel) {
      name[op] = names.requiredIndexOf(number)
      if (number !== NONE) shortName[op] = short(number)
    } else if (kind[op] === DeviceOpKind.copy) {
      const facts = copy(number)
      name[op] = facts.index
      copyKind[op] = facts.kind
      srcKind[op] = facts.from
      dstKind[op] = facts.to
    } else {
      name[op] = names.pool.intern(SET_NAME)
      memoryKind[op] = set(number)
    }
  }
  return { name, shortName, copyKind, srcKind, dstKind, memoryKind }
}
