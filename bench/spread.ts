/** Values of a spread, by the part of them that is not above. */
export const atPart = (values: readonly number[], part: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? NaN
export const ms = (values: readonly number[], part: number): string => atPart(values, part).toFixed(1)
export const kb = (values: readonly number[], part: number): string => (atPart(values, part) / 1e3).toFixed(1)
