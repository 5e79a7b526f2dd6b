import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { EDITS } from '../../../fixtures/generate/edits.ts'
import type { EditName } from '../../../fixtures/generate/edits.ts'
import { writeNsysSqlite } from '../../../fixtures/generate/nsys-sqlite.ts'
import { plantedPair } from '../../../fixtures/generate/pair.ts'
import { plantedExport, tagsOf } from '../../../fixtures/generate/planted-nsys.ts'
import type { Simulated } from '../../../fixtures/generate/simulate.ts'
import { formatOf } from '../../../parsers/detect.ts'
import { formats } from '../../../parsers/index.ts'
import { explained, f1 } from '../../analysis/diff/pair-truth.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-planted-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function imported(simulated: Simulated, name: string): Promise<Simulated> {
  const path = join(folder, `${name}.sqlite`)
  writeNsysSqlite(path, plantedExport(simulated))
  const trace = await formatOf(path, formats).read(path, {})
  return { trace, tags: tagsOf(trace, simulated) }
}

describe.each(Object.keys(EDITS) as EditName[])('an nsys export with a planted edit, %s,', (name) => {
  test.each([101, 203, 305])('is explained and aligned from the file on (seed %i)', async (seed) => {
    const pair = plantedPair(name, seed)
    const base = await imported(pair.base, `${name} ${seed} base`)
    const candidate = await imported(pair.candidate, `${name} ${seed} candidate`)
    // Nothing is lost on the way, and the file says what it is.
    expect(base.trace.device_op.length).toBe(pair.base.trace.device_op.length)
    expect(candidate.tags.flat().length).toBe(pair.candidate.tags.flat().length)
    expect(JSON.stringify(base.trace.meta.facts)).toMatch(/synthetic/i)
    const fromFile = { ...pair, base, candidate }
    const { deltaNs, right, elsewhere } = explained(fromFile)
    expect(deltaNs).toBe(explained(pair).deltaNs)
    expect(right).toBeGreaterThanOrEqual(0.95)
    expect(elsewhere).toBeLessThanOrEqual(0.01)
    expect(f1(fromFile)).toBeGreaterThanOrEqual(0.95)
  })
})
