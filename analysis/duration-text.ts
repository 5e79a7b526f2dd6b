/** A duration in words: three significant digits, for sentences that are read, not copied (2.34 s, 12 µs). */
export function durationText(ns: number): string {
  for (const [size, name] of [
    [1e9, 's'],
    [1e6, 'ms'],
    [1e3, 'µs'],
  ] as const)
    if (ns >= size) return `${Number((ns / size).toPrecision(3))} ${name}`
  return `${Math.round(ns)} ns`
}
