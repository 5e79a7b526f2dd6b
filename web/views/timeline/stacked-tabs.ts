/** What the panel below two stacked timelines can show. */
export type StackedTab = 'span' | 'gap' | 'window' | 'table'
