/**
 * Addresses of the page, and what each of them shows.
 *
 *   /runs                                 every run
 *   /runs/3/overview                      one view of one run; its own state stands in the query
 *   /runs/3/timeline?from=1200&to=98000   …such as a window of time
 *   /compare/3/4                          run 4 (candidate) against run 3 (base)
 *   /definitions#gpuBusyNs                what a number means
 */
export type Route =
  | { readonly page: 'runs' }
  | { readonly page: 'run'; readonly run: number; readonly view: string }
  | { readonly page: 'compare'; readonly base: number | undefined; readonly candidate: number | undefined }
  | { readonly page: 'definitions' }
  | { readonly page: 'unknown'; readonly path: string }

const FIRST_VIEW = 'overview'

/** What a path shows. Never throws: an address that is none is `unknown`. */
export function routeOf(path: string): Route {
  const parts = path.split('/').filter((part) => part !== '')
  if (parts.length === 0 || (parts.length === 1 && parts[0] === 'runs')) return { page: 'runs' }
  if (parts[0] === 'runs' && parts.length <= 3) {
    const run = idOf(parts[1])
    if (run !== undefined) return { page: 'run', run, view: parts[2] ?? FIRST_VIEW }
  }
  if (parts[0] === 'compare' && parts.length <= 3) {
    const [base, candidate] = [idOf(parts[1]), idOf(parts[2])]
    if ((base !== undefined || parts.length < 2) && (candidate !== undefined || parts.length < 3))
      return { page: 'compare', base, candidate }
  }
  if (parts[0] === 'definitions' && parts.length === 1) return { page: 'definitions' }
  return { page: 'unknown', path }
}

function idOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined
}

export const runHref = (run: number, view = FIRST_VIEW): string => `/runs/${run}/${view}`
/** What nsys prints of a run, in one of its reports. */
export const reportHref = (run: number, report: string): string =>
  runHref(run, 'nsys') + queryWith('', { report })
/** The timeline at a stretch of time, with half as much room on both sides; `span` is "table.row" and is selected. */
export function timelineHref(run: number, at: { from: number; to: number; span?: string }): string {
  const room = Math.max(100, Math.round((at.to - at.from) / 2))
  const query = { from: String(Math.max(0, at.from - room)), to: String(at.to + room), span: at.span }
  return runHref(run, 'timeline') + queryWith('', query)
}
/** The timeline with a statement's rows as marks. */
export const marksHref = (run: number, sql: string, over: string): string =>
  runHref(run, 'timeline') + queryWith('', { marks: sql, marks_over: over === 'trace' ? undefined : over })
export const compareHref = (base?: number, candidate?: number): string =>
  ['/compare', base, candidate].filter((part) => part !== undefined).join('/')

/** Values by name; a list is said several times, undefined and '' are not said. */
export type QueryChanges = Readonly<Record<string, string | readonly string[] | undefined>>

/** A query with some names set, and those given as undefined or '' taken out. */
export function queryWith(search: string, changes: QueryChanges): string {
  const query = new URLSearchParams(search)
  for (const [name, value] of Object.entries(changes)) {
    if (typeof value === 'string' && value !== '') query.set(name, value)
    else query.delete(name)
    if (Array.isArray(value)) for (const one of value as readonly string[]) query.append(name, one)
  }
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}
