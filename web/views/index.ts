/** The views of a run, in the order in which they are listed. An analysis without one is shown as its tables. */
import Gaps from './gaps/Gaps.svelte'
import Kernels from './kernels/Kernels.svelte'
import Launches from './launches/Launches.svelte'
import Memory from './memory/Memory.svelte'
import NsysReports from './nsys/NsysReports.svelte'
import Overview from './overview/Overview.svelte'
import Phases from './phases/Phases.svelte'
import Roofline from './roofline/Roofline.svelte'
import Sql from './sql/Sql.svelte'
import Timeline from './timeline/Timeline.svelte'
import type { View } from './view.ts'

export const views: readonly View[] = [
  {
    id: 'overview',
    title: 'Overview',
    key: 'o',
    covers: ['ledger', 'summary', 'verdict'],
    component: Overview,
  },
  { id: 'phases', title: 'Phases', key: 'p', analysis: 'phases', component: Phases },
  { id: 'timeline', title: 'Timeline', key: 't', component: Timeline, fills: true },
  { id: 'launches', title: 'Launches', key: 'l', analysis: 'launches', component: Launches },
  { id: 'gaps', title: 'Gaps', key: 'i', analysis: 'gaps', component: Gaps },
  { id: 'kernels', title: 'Kernels', key: 'k', analysis: 'kernels', component: Kernels },
  { id: 'roofline', title: 'Roofline', key: 'f', analysis: 'roofline', component: Roofline },
  {
    id: 'memory',
    title: 'Memory & utilisation',
    key: 'm',
    analysis: 'utilisation',
    covers: ['memory'],
    component: Memory,
  },
  { id: 'nsys', title: 'nsys reports', key: 'n', component: NsysReports },
  { id: 'sql', title: 'SQL', key: 'q', component: Sql },
]
