import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, it } from 'vitest'
import { nodeEffects } from '../../profiler/effects.ts'
import { nodeCommand } from '../../profiler/node-command.ts'
import { exportReport, profileProgram } from '../../profiler/nsys/run.ts'
import { openNvtx } from '../../profiler/nvtx/nvtx.ts'
import { locateTools } from '../../profiler/tools.ts'

describe('without a tool', () => {
  it('ranges are empty functions', () => {
    const nvtx = openNvtx({})
    expect(nvtx.active).toBe(false)
    expect(nvtx.failure).toBeUndefined()
    expect([nvtx.push('a'), nvtx.mark('b'), nvtx.nameThread('c'), nvtx.pop()]).toEqual(
      Array.from({ length: 4 }, () => undefined),
    )
  })

  it('a tool that cannot be loaded stops nothing and is told', () => {
    const nvtx = openNvtx({ NVTX_INJECTION64_PATH: '/nowhere/tool.so' })
    expect(nvtx.active).toBe(false)
    expect(nvtx.failure).toContain('/nowhere/tool.so')
    nvtx.push('a')
  })
})

const { nsys } = await locateTools(nodeEffects)
if (nsys === undefined) console.warn('skipped: NVTX under nsys (no nsys on PATH)')

describe.skipIf(nsys === undefined)('under nsys (skipped where there is none)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parallax-nvtx-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const program = nodeCommand('./programs/ranges', import.meta.url)

  const captured = async (name: string, captureRange?: { range: string }): Promise<Database.Database> => {
    const report = join(folder, name)
    await profileProgram(
      nsys!,
      { report, trace: ['nvtx', 'osrt'], captureRange, target: [...program, '3', '4'] },
      nodeEffects,
      { env: { PATH: process.env['PATH']!, HOME: folder, SOME_API_TOKEN: 'do-not-record-me' } },
    )
    await exportReport(nsys!, `${report}.nsys-rep`, `${report}.sqlite`, nodeEffects)
    return new Database(`${report}.sqlite`, { readonly: true })
  }
  const NAMED = 'SELECT coalesce(text, (SELECT value FROM StringIds WHERE id = textId)) AS name'

  it('ranges stand in the capture with their names, counts, nesting, marks and the thread’s name', async () => {
    const db = await captured('whole')
    const counts = db
      .prepare(`${NAMED}, count(*) AS n FROM NVTX_EVENTS WHERE eventType = 59 GROUP BY 1 ORDER BY min(rowid)`)
      .raw()
      .all()
    expect(new Map(counts as [string, number][])).toEqual(
      new Map([
        ['before', 1],
        ['VGGT', 3],
        ['phase 0 é', 3],
        ['phase 1 é', 3],
        ['phase 2 é', 3],
        ['phase 3 é', 3],
        ['after', 1],
      ]),
    )
    // How many ranges of the same thread contain each one: its depth.
    const depths = db
      .prepare(
        `${NAMED}, (SELECT count(*) FROM NVTX_EVENTS o WHERE o.eventType = 59 AND o.globalTid = e.globalTid
           AND o.rowid <> e.rowid AND o.start <= e.start AND o.end >= e.end) AS depth
         FROM NVTX_EVENTS e WHERE eventType = 59`,
      )
      .raw()
      .all() as [string, number][]
    const depthOf: Record<string, number> = { before: 0, after: 0, VGGT: 0 }
    for (const [name, depth] of depths) expect([name, depth]).toEqual([name, depthOf[name] ?? 1])
    // The range around all of them stands on another thread, so that none of them is inside it.
    expect(
      db
        .prepare(
          `${NAMED} FROM NVTX_EVENTS WHERE eventType = 60 AND globalTid NOT IN (SELECT globalTid FROM NVTX_EVENTS WHERE eventType = 59)`,
        )
        .pluck()
        .all(),
    ).toEqual(['Measured'])
    expect(db.prepare('SELECT count(*) FROM NVTX_EVENTS WHERE eventType = 34').pluck().get()).toBe(12)
    expect(db.prepare(`${NAMED} FROM NVTX_EVENTS WHERE eventType = 39`).pluck().get()).toBe('model')
    db.close()
  })

  it('a capture that a range opens and closes holds what is inside it, and no secret of the environment', async () => {
    const db = await captured('measured', { range: 'Measured' })
    const names = db.prepare(`${NAMED} FROM NVTX_EVENTS WHERE eventType = 59`).pluck().all()
    expect(names).toHaveLength(3 + 12)
    expect(names).not.toContain('before')
    expect(names).not.toContain('after')
    db.close()
    for (const extension of ['nsys-rep', 'sqlite'])
      expect(readFileSync(join(folder, `measured.${extension}`)).includes('do-not-record-me')).toBe(false)
  })
})
