/** Builds the program into dist/ (one JavaScript file a source file) and the page into dist/web. */
import { cpSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from './setup.mjs'

for (const folder of ['trace', 'analysis', 'parsers', 'db', 'draw', 'export', 'profiler', 'server', 'cli'])
  rmSync(join(root, 'dist', folder), { recursive: true, force: true })
run(join('node_modules', '.bin', 'tsc'), ['-p', 'tsconfig.build.json'])
if (existsSync(join(root, 'profiler', 'torch')))
  cpSync(join(root, 'profiler', 'torch'), join(root, 'dist', 'profiler', 'torch'), {
    recursive: true,
    filter: (path) => !path.includes('__pycache__'),
  })
run(join('node_modules', '.bin', 'vite'), [
  'build',
  '--config',
  join('web', 'vite.config.ts'),
  '--logLevel',
  'warn',
])
