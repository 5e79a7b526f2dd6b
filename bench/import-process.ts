/** One import in a process of its own, so that its peak memory is its own: `import-process.ts STORE FILE`, answers in JSON. */
import { Store } from '../db/store.ts'
import { importFile } from '../server/import-file.ts'

const [database, file] = process.argv.slice(2)
const before = process.resourceUsage().maxRSS / 1024
const store = new Store(database!)
const started = performance.now()
const cpu = process.cpuUsage()
const { run } = await importFile(store, file!, {})
const { user, system } = process.cpuUsage(cpu)
const rows = Object.values(store.run(run).counts).reduce((sum, count) => sum + count, 0)
store.close()
const answer = {
  seconds: (performance.now() - started) / 1000,
  cpuSeconds: (user + system) / 1e6,
  rows,
  beforeMb: before,
  peakMb: process.resourceUsage().maxRSS / 1024,
}
console.log(JSON.stringify(answer))
