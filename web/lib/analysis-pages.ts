/**
 * The page of each analysis (meaning, definition, causes, remedy), fetched when somebody asks for it.
 *
 * The one place that takes a folder as a list: a test holds docs/analyses equal to the list of analyses already.
 */
const pages = import.meta.glob<string>('../../docs/analyses/*.md', { query: '?raw', import: 'default' })

export const hasPage = (analysis: string): boolean => pageKey(analysis) in pages

/** The page's Markdown; empty for an analysis that has none. */
export const pageOf = async (analysis: string): Promise<string> => (await pages[pageKey(analysis)]?.()) ?? ''

const pageKey = (analysis: string): string => `../../docs/analyses/${analysis}.md`
