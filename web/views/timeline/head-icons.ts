/** Lines of the small icons in the heads of tracks and groups, in 12 × 12. */
export const icons = {
  oneLine: 'M2 6h8',
  allLines: 'M2 3h8M2 6h8M2 9h8',
  pin: 'M4 1.5h4M4.8 1.5v3.6L3 7.5h6L7.2 5.1V1.5M6 7.5v3.5',
  up: 'M3 7.5 6 4.5l3 3',
  down: 'm3 4.5 3 3 3-3',
  hide: 'm3 3 6 6M9 3 3 9',
} as const
