/**
 * `npm run bench -- NAME…`: numbers, each beside a peer measured in the same run. Machines are shared and noisy: read the
 * ratios, not the seconds. Without a name it lists what there is. A number after a name is its size where it has one:
 * `npm run bench -- analyse 10000000`.
 */
const BENCHES: Readonly<
  Record<string, { about: string; load: () => Promise<{ main(size?: number): Promise<void> }> }>
> = {
  import: {
    about: 'a 1 M-kernel nsys export against plain SQLite reading and nsys stats',
    load: () => import('./import.ts'),
  },
  analyse: {
    about: 'every analysis, and the nsys reports against nsys stats, on 1 M kernels',
    load: () => import('./analyse.ts'),
  },
  timeline: {
    about: 'tiles and frames of a 10 M-kernel run',
    load: () => import('./timeline.ts'),
  },
  columns: {
    about: 'reading columns out of SQLite by pages, against SQLite itself',
    load: () => import('./sqlite-columns.ts'),
  },
  json: { about: 'a Kineto trace against JSON.parse', load: () => import('./json.ts') },
  model: {
    about: 'attention forms of the ONNX model, and the 1 B-parameter one',
    load: () => import('./model.ts'),
  },
  nvtx: { about: 'an NVTX push and pop from Node; what profiling costs', load: () => import('./nvtx.ts') },
  diff: {
    about: 'two runs of 1 M kernels aligned and explained, against summing by name',
    load: () => import('./diff.ts'),
  },
  noise: { about: 'false alarms and power of the diff’s verdicts', load: () => import('./noise.ts') },
}

interface Asked {
  name: string
  size: number | undefined
}
const asked: Asked[] = []
for (const word of process.argv.slice(2)) {
  const last = asked.at(-1)
  if (/^\d+$/.test(word) && last !== undefined) last.size = Number(word)
  else asked.push({ name: word, size: undefined })
}
const unknown = asked.filter(({ name }) => !Object.hasOwn(BENCHES, name))
if (asked.length === 0 || unknown.length > 0) {
  for (const { name } of unknown) console.error(`no bench is called ${name}`)
  for (const [name, { about }] of Object.entries(BENCHES)) console.log(`${name.padEnd(10)} ${about}`)
  process.exitCode = unknown.length > 0 ? 2 : 0
} else
  for (const { name, size } of asked) {
    console.log(`\n── ${name} ──`)
    const bench = await BENCHES[name]!.load()
    await bench.main(size)
  }
