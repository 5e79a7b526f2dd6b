import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** `npm run build` writes dist/web, which the server serves; in development the API is the server's own, on 4317. */
export default defineConfig({
  root: at('.'),
  plugins: [svelte({ configFile: false })],
  build: {
    outDir: at('../dist/web'),
    emptyOutDir: true,
    // The first versions with light-dark(); an older target would have it rewritten into a variable per colour.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    chunkSizeWarningLimit: 800,
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': 'http://127.0.0.1:4317' },
    fs: { allow: [at('..')] },
  },
})
