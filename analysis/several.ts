import { formatCount } from '../trace/number-format.ts'

/** "1 copy", "1,799 copies". */
export const several = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`
