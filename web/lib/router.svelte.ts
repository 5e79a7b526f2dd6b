/** The address bar is the page's state: what is shown can be reloaded, shared and walked back through. */
import { queryWith, routeOf } from './route.ts'
import type { QueryChanges, Route } from './route.ts'

export class Router {
  #url = $state.raw(new URL(location.href))
  // A change of the query alone is no change of the route: what is shown stays as it is.
  readonly #path = $derived(this.#url.pathname)
  readonly route: Route = $derived(routeOf(this.#path))

  constructor() {
    window.addEventListener('popstate', () => this.#follow())
  }

  get path(): string {
    return this.#url.pathname
  }

  /** One value of the query, or undefined. */
  query(name: string): string | undefined {
    return this.#url.searchParams.get(name) ?? undefined
  }

  /** All values of a name that is said several times. */
  queries(name: string): readonly string[] {
    return this.#url.searchParams.getAll(name)
  }

  /** The hash without its sign. */
  get hash(): string {
    return decodeURIComponent(this.#url.hash.slice(1))
  }

  /** Goes to an address of this page. `replace` leaves no step behind (sorting, panning). */
  go(href: string, options: { replace?: boolean } = {}): void {
    history[options.replace ? 'replaceState' : 'pushState'](null, '', href)
    this.#follow()
  }

  /** Changes some values of the query and stays on the view; replaces by default. */
  set(changes: QueryChanges, options: { push?: boolean } = {}): void {
    const search = queryWith(this.#url.search, changes)
    if (search === this.#url.search) return
    this.go(this.#url.pathname + search + this.#url.hash, { replace: !options.push })
  }

  /** Turns plain clicks on links of this page into navigation; all others are the browser's. */
  readonly onclick = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const link = (event.target as Element).closest('a')
    if (!link || link.target !== '' || link.hasAttribute('download')) return
    const url = new URL(link.href)
    if (url.origin !== location.origin || url.pathname.startsWith('/api/')) return
    // The browser scrolls to a hash better than we do.
    if (url.pathname === location.pathname && url.hash !== '') return
    event.preventDefault()
    const stays = url.pathname === location.pathname
    this.go(url.pathname + url.search + url.hash)
    if (!stays) document.querySelector('main')?.scrollTo(0, 0)
  }

  #follow(): void {
    this.#url = new URL(location.href)
  }
}

export const router = new Router()
