/** The browser that tests and benches drive: the system's own; where it is another one, PARALLAX_CHROMIUM names it. */
export const CHROMIUM = process.env.PARALLAX_CHROMIUM ?? '/usr/bin/chromium'

/** Quiet: nothing is fetched, asked or drawn on a GPU. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
