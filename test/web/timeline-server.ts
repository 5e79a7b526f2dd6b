/** The real server over a store that holds SYNTHETIC runs, for tests of the timeline in a browser. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { captureWindow } from '../../analysis/capture-window.ts'
import { Store } from '../../db/store.ts'
import { startServer } from '../../server/start.ts'
import type { Trace } from '../../trace/trace.ts'

export interface TimelineServer {
  url: string
  store: Store
  /** Stores a trace as a run; returns its id. */
  add(trace: Trace, label: string): number
  close(): Promise<void>
}

export async function startTimelineServer(
  web = join(process.cwd(), 'dist', 'web'),
  port = 0,
): Promise<TimelineServer> {
  const folder = mkdtempSync(join(tmpdir(), 'parallax-timeline-'))
  const store = new Store(join(folder, 'store.db'))
  const server = await startServer({ store, host: '127.0.0.1', port, web, nsys: undefined })
  let added = 0
  return {
    url: server.url,
    store,
    add(trace, label) {
      const sha256 = String(++added).padStart(64, '0')
      const source = { name: `${label}.synthetic`, sha256, bytes: 1, format: trace.meta.format }
      const window = captureWindow(trace)
      return store.addRun(trace, [source], label, {
        captureNs: window === undefined ? null : [window[0], window[1]],
        devices: [],
      })
    },
    async close() {
      await server.close()
      store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
