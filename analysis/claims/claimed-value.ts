/**
 * A number as people write it in a claim: 2.8, "2.8x", "99%", "420 ms", "18.4 GB", ">= 85%", "~1.2 s".
 */
import { UserError } from '../../trace/errors.ts'

export interface ClaimedValue {
  text: string
  /** In nanoseconds, bytes, per cent or plain. */
  value: number
  unit: 'ns' | 'bytes' | 'percent' | 'plain'
  /** Half of the last digit that was written: "2.8" stands for 2.75 to 2.85. */
  rounding: number
  /** What the writer said of it: at least, at most, or nothing. */
  sense: '>=' | '<=' | undefined
}

const UNITS: Readonly<Record<string, { unit: ClaimedValue['unit']; factor: number }>> = {
  '': { unit: 'plain', factor: 1 },
  x: { unit: 'plain', factor: 1 },
  '×': { unit: 'plain', factor: 1 },
  '%': { unit: 'percent', factor: 1 },
  ns: { unit: 'ns', factor: 1 },
  us: { unit: 'ns', factor: 1e3 },
  µs: { unit: 'ns', factor: 1e3 },
  ms: { unit: 'ns', factor: 1e6 },
  s: { unit: 'ns', factor: 1e9 },
  min: { unit: 'ns', factor: 60e9 },
  h: { unit: 'ns', factor: 3600e9 },
  MB: { unit: 'bytes', factor: 1e6 },
  GB: { unit: 'bytes', factor: 1e9 },
  MiB: { unit: 'bytes', factor: 2 ** 20 },
  GiB: { unit: 'bytes', factor: 2 ** 30 },
}

/** Throws UserError('bad-input') for what is no number. */
export function claimedValue(given: string | number): ClaimedValue {
  const text = String(given).trim()
  const match = /^(>=|<=|≥|≤|~)?\s*(-?\d+(?:\.(\d+))?)\s*([^\d\s]*)$/.exec(text)
  const scale = match === null ? undefined : UNITS[match[4]!]
  if (match === null || scale === undefined)
    throw new UserError(
      'bad-input',
      `"${text}" is no claimed number; write one like 2.8, 99%, 420ms, 18.4 GB or ">= 85%"`,
    )
  const { unit, factor } = scale
  const sense =
    match[1] === '>=' || match[1] === '≥' ? '>=' : match[1] === '<=' || match[1] === '≤' ? '<=' : undefined
  return {
    text,
    value: Number(match[2]) * factor,
    unit,
    rounding: 0.5 * 10 ** -(match[3]?.length ?? 0) * factor,
    sense,
  }
}
