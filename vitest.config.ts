import { defineConfig } from 'vitest/config'
import { SlowFirst } from './test/slow-first.ts'

/** Tests mirror the folders. Browser tests start their own server and the system's Chromium. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: SlowFirst },
  },
})
