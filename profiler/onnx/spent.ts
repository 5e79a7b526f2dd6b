/** What a piece of work took, by the clock and by the process' own CPU time. */
export interface Spent {
  wallNs: number
  /** User and system time of all threads of the process. Other programs on the machine do not show in it. */
  cpuNs: number
}

export async function spentOn(work: () => Promise<unknown>): Promise<Spent> {
  const cpu = process.cpuUsage()
  const start = process.hrtime.bigint()
  await work()
  const wallNs = Number(process.hrtime.bigint() - start)
  const { user, system } = process.cpuUsage(cpu)
  return { wallNs, cpuNs: (user + system) * 1000 }
}
