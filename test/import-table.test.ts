import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** Who may import whom. Also every folder may import itself. `*` means any package; a list means only those. */
const MAY: Record<string, { folders: string[]; packages: string[] | '*' }> = {
  trace: { folders: [], packages: ['zod'] },
  analysis: { folders: ['trace'], packages: [] },
  // tsx only inside the text of a worker that is started from the sources.
  parsers: { folders: ['trace'], packages: ['better-sqlite3', 'protobufjs', 'tsx', 'yaml'] },
  db: { folders: ['trace'], packages: ['better-sqlite3', 'zod'] },
  draw: {
    folders: ['trace', 'analysis'],
    packages: ['d3-array', 'd3-scale', 'd3-shape', 'd3-hierarchy', 'd3-interpolate'],
  },
  export: { folders: ['trace', 'analysis', 'draw'], packages: '*' },
  profiler: { folders: ['trace'], packages: '*' },
  server: { folders: ['trace', 'analysis', 'parsers', 'db', 'export'], packages: '*' },
  cli: {
    folders: ['trace', 'analysis', 'parsers', 'db', 'draw', 'export', 'profiler', 'server'],
    packages: '*',
  },
  web: { folders: ['trace', 'analysis', 'draw', 'export'], packages: '*' },
}
/** Folders that may use Node's own modules. */
const NODE = new Set(['parsers', 'db', 'export', 'profiler', 'server', 'cli'])
const WEB_NEVER = ['better-sqlite3', 'express', 'onnxruntime-node', 'koffi', 'commander', 'pino']

const root = fileURLToPath(new URL('..', import.meta.url))

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sources(path)
    return /\.(ts|svelte)$/.test(entry.name) && !entry.name.endsWith('.config.ts') ? [path] : []
  })
}

const importsOf = (file: string): { from: string; isType: boolean }[] =>
  [
    ...readFileSync(file, 'utf8').matchAll(
      /^\s*(?:import|export)\s+(type\s)?[^'"]*?\bfrom\s+['"]([^'"]+)['"]|\bimport\(['"]([^'"]+)['"]\)/gm,
    ),
  ].map((match) => ({ from: match[2] ?? match[3]!, isType: match[1] !== undefined }))

for (const [folder, may] of Object.entries(MAY))
  test(`${folder}/ imports ${['itself', ...may.folders].join(', ')} and nothing else of ours`, () => {
    const wrong: string[] = []
    for (const file of sources(join(root, folder)))
      for (const { from, isType } of importsOf(file)) {
        const say = `${relative(root, file)} imports ${from}`
        if (from.startsWith('.')) {
          const target = relative(root, join(dirname(file), from)).split(/[/\\]/)[0]!
          if (
            target !== folder &&
            !may.folders.includes(target) &&
            target !== 'package.json' &&
            target !== 'docs'
          )
            wrong.push(say)
          if (folder === 'draw' && target === 'analysis' && !isType) wrong.push(`${say} (types only)`)
        } else if (from.startsWith('node:')) {
          if (!NODE.has(folder)) wrong.push(say)
        } else {
          const name = from.startsWith('@') ? from.split('/').slice(0, 2).join('/') : from.split('/')[0]!
          if (may.packages !== '*' && !may.packages.includes(name)) wrong.push(say)
          if (folder === 'web' && WEB_NEVER.includes(name)) wrong.push(say)
        }
      }
    expect(wrong).toEqual([])
  })
