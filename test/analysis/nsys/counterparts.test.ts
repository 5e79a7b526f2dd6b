/**
 * What docs/definitions.md says of nsys' columns is true: every column it names exists, and where it calls a number equal to
 * one, both are, on every capture at hand. The second part needs nsys 2023.4.4 on PATH; skipped, saying why, elsewhere.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nsysReports } from '../../../analysis/nsys/index.ts'
import { largeNsysExport } from '../../../fixtures/generate/large-nsys.ts'
import type { NsysStream } from '../../../fixtures/generate/nsys-sqlite.ts'
import { writeNsysSqlite } from '../../../fixtures/generate/nsys-sqlite.ts'
import { smallGaps, smallLaunches } from '../../../fixtures/generate/small-nsys.ts'
import { nsysSqlite } from '../../../parsers/nsys/index.ts'
import { definitionsOf } from '../../../web/lib/definition-text.ts'
import { exports } from '../../shared.ts'
import { COUNTERPARTS } from './counterparts.ts'
import type { Numbers, Row } from './counterpart-numbers.ts'
import { printedByNsys, whyNoOracle } from './nsys-oracle.ts'
import type { Printed } from './nsys-oracle.ts'

const definitions = definitionsOf(readFileSync('docs/definitions.md', 'utf8'))

/** What a note on nsys says of reports: "equal to `report`, Column" and "near `report`, Column"; a clause ends at ";". */
function claims(key: string): { isEqual: boolean; report: string; column: string }[] {
  const note = definitions.get(key)?.notes.find(({ name }) => name === 'nsys')?.text ?? ''
  return note.split(';').flatMap((clause) => {
    const claim = /(equal to|near) `(\w+)`, ([^:,;]+?)(?=[:,;]|\.?$)/.exec(clause)
    return claim === null ? [] : [{ isEqual: claim[1] === 'equal to', report: claim[2]!, column: claim[3]! }]
  })
}
const all = [...definitions.keys()].flatMap((key) => claims(key).map((claim) => ({ key, ...claim })))

describe('definitions that name a column of an nsys report', () => {
  test('name one that exists', () => {
    expect(all.length).toBeGreaterThan(40)
    const wrong = all.filter(
      ({ report, column }) =>
        !nsysReports.find(({ id }) => id === report)?.columns.some(({ title }) => title === column),
    )
    expect(wrong).toEqual([])
  })

  test('say of every report they name how near its number is', () => {
    for (const [key, { notes }] of definitions) {
      const note = notes.find(({ name }) => name === 'nsys')?.text ?? ''
      const reports = [...note.matchAll(/`(\w+)`/g)].map(([, report]) => report!)
      const known = reports.filter((report) => nsysReports.some(({ id }) => id === report))
      expect(
        claims(key).map(({ report }) => report),
        key,
      ).toEqual(known)
    }
  })

  test('that they call equal are compared here, each and no other', () => {
    const text = (one: { key: string; report: string; column: string }): string =>
      `${one.key}: ${one.report}, ${one.column}`
    expect(
      all
        .filter(({ isEqual }) => isEqual)
        .map(text)
        .sort(),
    ).toEqual(COUNTERPARTS.map(text).sort())
  })
})

const why = whyNoOracle()
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'counterparts-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const made: readonly (readonly [string, () => NsysStream])[] = [
  ['launches', smallLaunches],
  ['gaps', smallGaps],
  ['large', () => largeNsysExport(2000)],
]

/** A few captures of every kind: not all, since nsys takes seconds for each. */
const CHOSEN =
  /vggt_report_A40|power_iteration__baseline|perlmutter0|mfu_2gpu_after|torchcodec__report5|vit_profile|cudf\.sqlite|concurrent|profile4|CS336/
const captures = exports().filter((file) => CHOSEN.test(file))

describe.skipIf(why !== undefined)(
  `held against nsys${why === undefined ? '' : ` (skipped: ${why})`}`,
  () => {
    const compared = new Map<string, number>()
    const reports = nsysReports.filter(({ id }) => COUNTERPARTS.some(({ report }) => report === id))

    const differencesIn = async (file: string): Promise<string[]> => {
      const trace = await nsysSqlite.read(file, {})
      const printed = await printedByNsys(file, reports)
      return COUNTERPARTS.flatMap((one) => {
        if (one.where?.(trace) === false) return []
        const rows = rowsOf(printed.get(one.report)!)
        if (rows === undefined) return []
        const [ours, theirs] = [one.ours(trace), one.theirs(rows)]
        const id = `${one.key}: ${one.report}, ${one.column}`
        const keys = new Set([
          ...(one.only === 'theirs' ? [] : ours.keys()),
          ...(one.only === 'ours' ? [] : theirs.keys()),
        ])
        compared.set(id, (compared.get(id) ?? 0) + keys.size)
        return differences(ours, theirs, keys).map((text) => `${basename(file)}: ${id}: ${text}`)
      })
    }

    test.each(made)(
      'what is called equal is, in the made-up capture "%s"',
      async (name, tables) => {
        const path = join(folder, `${name}.sqlite`)
        writeNsysSqlite(path, tables())
        expect(await differencesIn(path)).toEqual([])
      },
      120_000,
    )

    test.skipIf(captures.length === 0)(
      `what is called equal is, over ${captures.length} captures of other people`,
      async () => {
        const found: string[] = []
        for (const file of captures) found.push(...(await differencesIn(file)))
        expect(found).toEqual([])
        // Each comparison was about something.
        const empty = COUNTERPARTS.map((one) => `${one.key}: ${one.report}, ${one.column}`).filter(
          (id) => !compared.get(id),
        )
        expect(empty).toEqual([])
      },
      600_000,
    )
  },
)

/** Printed cells by column title; undefined where nsys had no answer. */
function rowsOf(printed: Printed): Row[] | undefined {
  if ('skipped' in printed) return undefined
  return printed.rows.map((cells) =>
    Object.fromEntries(printed.header.map((title, i) => [title, cells[i] ?? ''])),
  )
}

/** Up to three names whose numbers differ. */
function differences(ours: Numbers, theirs: Numbers, keys: ReadonlySet<string>): string[] {
  return [...keys]
    .filter((key) => ours.get(key) !== theirs.get(key))
    .slice(0, 3)
    .map((key) => `${key.slice(0, 80)}: ours ${ours.get(key)}, nsys ${theirs.get(key)}`)
}
