/**
 * The real page in a real browser against the real server: built once into a temporary folder, with runs whose numbers
 * are made up (fixtures/synthetic-run.ts) in a store of its own.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { build } from 'vite'
import { summaryOf } from '../../analysis/summary.ts'
import { Store } from '../../db/store.ts'
import { syntheticRun } from '../../fixtures/synthetic-run.ts'
import { startServer } from '../../server/start.ts'
import type { Trace } from '../../trace/trace.ts'
import { CHROMIUM, CHROMIUM_FLAGS } from './chromium.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Watched {
  page: Page
  /** Errors of the console, of scripts, and requests to other hosts. Empty at the end of every test. */
  complaints: string[]
}
export interface Site {
  url: string
  store: Store
  folder: string
  /** A fresh browser profile at this address. */
  open(path: string, options?: BrowserContextOptions): Promise<Watched>
  close(): Promise<void>
}

export interface Labelled {
  label: string
  trace: Trace
}

/** Builds, serves, and opens a browser. `traces` become runs 1, 2, … */
export async function startSite(traces: readonly Labelled[]): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'parallax-web-'))
  // A whole check builds the page once, before all tests; a single file builds what it tests.
  const web = process.env.PARALLAX_BUILT_PAGE ?? join(folder, 'web')
  if (process.env.PARALLAX_BUILT_PAGE === undefined)
    await build({
      configFile: join(root, 'web', 'vite.config.ts'),
      logLevel: 'error',
      build: { outDir: web, emptyOutDir: true },
    })
  const store = new Store(join(folder, 'store.sqlite'))
  for (const [i, { label, trace }] of traces.entries()) {
    const source = { name: `${label}.sqlite`, sha256: String(i).repeat(64), bytes: 1, format: 'synthetic' }
    const { captureNs, devices } = summaryOf(trace)
    store.addRun(trace, [source], label, {
      captureNs,
      devices: devices.map(({ device, name, ops, busyNs }) => ({ device, name, ops, busyNs })),
    })
  }
  const server = await startServer({ store, host: '127.0.0.1', port: 0, web, nsys: undefined })
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS })
  return {
    url: server.url,
    store,
    folder,
    async open(path, options = {}) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('request', (request) => {
        const url = new URL(request.url())
        if (url.protocol.startsWith('http') && url.origin !== server.url)
          complaints.push(`asks ${url.origin}`)
      })
      await page.goto(server.url + path)
      return { page, complaints }
    },
    async close() {
      await browser.close()
      await server.close()
      store.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** Two runs of one made-up workload, the second with shorter kernels. */
export const twoRuns = (): Labelled[] => [
  { label: 'synthetic base', trace: syntheticRun({ kernels: 12_000, seed: 1 }) },
  { label: 'synthetic candidate', trace: syntheticRun({ kernels: 12_000, seed: 1, kernelNs: 8_000 }) },
]

/** An ONNX Runtime profile with made-up times: `passes` passes of three nodes each. */
export function syntheticProfile(passes = 3): string {
  const pass = (at: number): object[] => [
    event('Session', 'model_run', at, 900),
    node('Aggregator/frame_0/qkv/MatMul', 'MatMul', at + 10, 300),
    node('Aggregator/frame_0/attention/Attention', 'Attention', at + 320, 400),
    node('Head/conv/Conv', 'Conv', at + 730, 150),
  ]
  return JSON.stringify(Array.from({ length: passes }, (_, i) => pass(100 + 1000 * i)).flat())
}

const event = (cat: string, name: string, ts: number, dur: number, args: object = {}): object => ({
  cat,
  pid: 1,
  tid: 1,
  dur,
  ts,
  ph: 'X',
  name,
  args,
})
const node = (name: string, operator: string, ts: number, dur: number): object =>
  event('Node', `${name}_kernel_time`, ts, dur, { op_name: operator, provider: 'CPUExecutionProvider' })
