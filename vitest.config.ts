import { defineConfig } from 'vitest/config'

/** Tests mirror the folders. Browser tests start their own server and the system's Chromium. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})
