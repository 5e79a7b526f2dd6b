/** Shares, sizes and rates in words, for sentences: written as in tables, so that a number is found where its link leads. */

/** A part of a whole: "69.9 %", "3.46 %", "< 0.01 %"; what is not all of it is not written as 100 %. */
export function percentText(part: number, whole: number): string {
  const percent = whole === 0 ? 0 : (100 * part) / whole
  if (percent === 0) return '0 %'
  if (percent < 0.005) return '< 0.01 %'
  if (percent >= 99.95 && percent < 100) return '> 99.9 %'
  return `${percent < 9.995 ? percent.toFixed(2) : percent.toPrecision(3)} %`
}

/** "5.43 GiB", "512 B". */
export const bytesText = (bytes: number): string => scaled(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB'])

/** "12.6 GB/s". */
export const rateText = (bytesPerSecond: number): string =>
  scaled(bytesPerSecond, 1000, ['B/s', 'kB/s', 'MB/s', 'GB/s', 'TB/s', 'PB/s'])

/** A point of the run's axis, close enough to find it on a timeline: "72.612345 s", "612.345 ms", "12.345 µs". */
export function instantText(ns: number): string {
  const size = Math.abs(ns)
  if (size >= 1e9) return `${(ns / 1e9).toFixed(6)} s`
  if (size >= 1e6) return `${(ns / 1e6).toFixed(3)} ms`
  return size >= 1e3 ? `${(ns / 1e3).toFixed(3)} µs` : `${ns} ns`
}

export const countText = (count: number): string => count.toLocaleString('en')

/** "1 copy", "1,799 copies". */
export const several = (count: number, one: string, many = `${one}s`): string =>
  `${countText(count)} ${count === 1 ? one : many}`

function scaled(value: number, step: number, units: readonly string[]): string {
  let i = 0
  let size = value
  while (i + 1 < units.length && Math.max(size, rounded(size)) >= step) {
    size /= step
    i++
  }
  const isWhole = i === 0 && Number.isInteger(value)
  return `${isWhole || size >= 999.5 ? countText(Math.round(size)) : size.toPrecision(3)} ${units[i]!}`
}

/** To three significant digits: 999.7 reads as 1,000 of the smaller unit, and so as 1.00 of the larger. */
const rounded = (value: number): number => (value >= 999.5 ? Math.round(value) : Number(value.toPrecision(3)))
