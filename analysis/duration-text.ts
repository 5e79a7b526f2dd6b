/**
 * A duration in words, for sentences: three significant digits (2.34 s, 12.0 µs), as the page and the tables write it, so
 * that a number in a sentence is found where its link leads.
 */
export function durationText(ns: number): string {
  const steps = [
    [1, 'ns'],
    [1e3, 'µs'],
    [1e6, 'ms'],
    [1e9, 's'],
    [60e9, 'min'],
    [3600e9, 'h'],
  ] as const
  // Seconds stay seconds up to a thousand: 62.4 s is easier to compare than 1.04 min.
  let step = ns >= 999.5e9 ? 4 : ns >= 1e9 ? 3 : ns >= 1e6 ? 2 : ns >= 1e3 ? 1 : 0
  // 999.7 µs would be "1000 µs".
  if (step < 3 && ns / steps[step]![0] >= 999.5) step++
  if (step === 4 && ns >= 3600e9) step = 5
  const [size, name] = steps[step]!
  const value = ns / size
  if (step === 0) return `${Number.isInteger(ns) ? ns : digits(value)} ns`
  return `${digits(value)} ${name}`
}

const digits = (value: number): string =>
  value >= 999.5 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
