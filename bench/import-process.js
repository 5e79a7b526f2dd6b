/**
 * One import by the built program, in a process of its own so that its peak memory is its own:
 * `node import-process.js STORE FILE`, answers in JSON.
 */
const [database, file] = process.argv.slice(2)
const { Store } = await import('../dist/db/store.js')
const { importFile } = await import('../dist/server/import-file.js')
const before = process.resourceUsage().maxRSS / 1024
const store = new Store(database)
const started = performance.now()
const cpu = process.cpuUsage()
const { run } = await importFile(store, file, {})
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
