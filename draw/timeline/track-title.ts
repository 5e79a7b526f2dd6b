/** A track's name as its head says it. */
import type { Track } from '../../trace/timeline.ts'

/** A counter's values say their unit: what its name has of it in brackets ("SMs Active [Throughput %]") is left out. */
export const trackTitle = ({ title, unit }: Pick<Track, 'title' | 'unit'>): string =>
  unit === undefined || unit === '' ? title : title.replace(/\s*\[[^\]]*\]$/, '') || title
