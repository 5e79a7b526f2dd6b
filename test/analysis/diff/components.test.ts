import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { components } from '../../../analysis/diff/components.ts'
import type { Component } from '../../../analysis/diff/components.ts'
import { diffOf, pooledPair } from '../../../analysis/diff/diff.ts'
import { diffText } from '../../../cli/diff-text.ts'
import { diffHtml } from '../../../export/diff-html.ts'
import { diffMarkdown } from '../../../export/diff-markdown.ts'
import { speedupText } from '../../../export/diff-report.ts'
import { formatOf } from '../../../parsers/detect.ts'
import { formats } from '../../../parsers/index.ts'
import type { Trace } from '../../../trace/trace.ts'
import { drawn } from '../../drawn-trace.ts'
import { sharedTest } from '../../shared.ts'

function tableOf(a: Trace, b: Trace, device?: number): Component[] {
  return components(...pooledPair([a], [b], undefined, device))
}
const row = (rows: readonly Component[], name: string): Component =>
  rows.find(({ component }) => component === name)!

/**
 * Three phases in turns, `calls` times each, with a kernel of `length` columns a call; none has most of the launches, so that
 * nothing is an iteration. Letters from `first` on.
 */
function turns(calls: number, length: number, first = 0, thread = 1, device = 0): string {
  const each = (text: (i: number) => string): string =>
    Array.from({ length: 3 * calls }, (_, i) => text(i)).join('')
  const letter = (i: number): string => String.fromCharCode(97 + first + i)
  return [
    `nvtx:${thread} ${each((i) => `[${['one', 'two', 'six'][i % 3]} ........]`)}`,
    `api:${thread} ${each((i) => `..${letter(i)}..........`)}`,
    `gpu${device} ${each((i) => `...${letter(i).toUpperCase().repeat(length).padEnd(10, '.')}`)}`,
  ].join('\n')
}
const run = (calls: number, length: number): Trace => drawn(turns(calls, length))

describe('the before/after table', () => {
  test('a phase that ran less often is no faster: its ratio is of one call, and says so', () => {
    const one = row(tableOf(run(5, 6), run(4, 6)), 'one')
    expect(one).toMatchObject({ baseCalls: 5, candidateCalls: 4, baseNs: 30_000, candidateNs: 24_000 })
    expect(one).toMatchObject({ speedup: 1, isPerCall: true })
    expect(speedupText(one)).toBe('1.00× per call')
    const faster = row(tableOf(run(5, 6), run(4, 3)), 'one')
    expect([faster.speedup, faster.isPerCall]).toEqual([2, true])
    const same = row(tableOf(run(4, 6), run(4, 3)), 'one')
    expect([same.speedup, speedupText(same)]).toEqual([2, '2.00×'])
  })

  test('a phase that was paired by hand stands beside its partner, under the base’s name', () => {
    const [x, y] = pooledPair([run(5, 6)], [run(5, 3)])
    const paired = (texts: readonly string[], names?: readonly string[]) => {
      const { byHand: pairs } = diffOf(x, y, texts).alignment
      return components(x, y, { names, pairs }).map((one) => [one.component, one.baseNs, one.candidateNs])
    }
    // The candidate's own "one" is the partner of nothing now.
    expect(paired(['one=six']).slice(0, -1)).toEqual([
      ['one', 30_000, 15_000],
      ['two', 30_000, 15_000],
      ['six', 30_000, null],
      ['one (unpaired)', null, 15_000],
    ])
    expect(paired(['one='], ['one']).slice(0, -1)).toEqual([['one', 30_000, null]])
    expect(() => paired(['one=six'], ['seven'])).toThrow('no phase "seven"')
  })

  test.each([
    ['two processes with a device each', 2],
    ['one process with two devices', 1],
  ])('calls are counted for the device that the ops are of: %s', (_what, processes) => {
    const both = drawn(`${turns(3, 4)}\n${turns(2, 4, 9, 2, 1)}`)
    const trace = {
      ...both,
      process: { ...both.process, length: processes },
      thread: { ...both.thread, process: Uint32Array.from([0, processes - 1]) },
    } as Trace
    const on = (device: number): number[] => {
      const { baseCalls, baseOps } = row(tableOf(trace, trace, device), 'one')
      return [baseCalls, baseOps]
    }
    expect([on(0), on(1)]).toEqual([
      [3, 3],
      [2, 2],
    ])
  })

  test('without iterations its last row is named for what it is: the recorded capture', () => {
    const [a, b] = [drawn('gpu0 AAAA'), drawn('gpu0 AA..BB')]
    const report = reportOf(a, b)
    expect(report.components.map(({ component }) => component)).toEqual([
      'recorded capture, first to last event',
    ])
    for (const text of [diffText(report), diffMarkdown(report), diffHtml(report)]) {
      expect(text).toContain('device busy time of the recorded capture')
      expect(text).not.toMatch(/median iteration|whole iteration/)
    }
  })

  test('no speedup is claimed of runs that are not comparable, in no form of the answer', () => {
    const a = drawn('gpu0 AAAA')
    const facts = (frames: number) => ({ ...a.meta, facts: { ...a.meta.facts, run: { frames } } })
    const report = reportOf({ ...a, meta: facts(3) }, { ...a, meta: facts(100) })
    expect(report.diff.comparable.comparable).toBe(false)
    expect(report.components.map(({ speedup }) => speedup)).toEqual([null])
    for (const text of [diffText(report), diffMarkdown(report), diffHtml(report)]) {
      expect(text).toContain('no speedups, as the runs are not comparable')
      expect(text).not.toContain('×')
    }
  })

  sharedTest('a real pair: fewer calls of global attention, and each as long as before', async (folder) => {
    const read = (name: string): Promise<Trace> => {
      const path = join(folder, 'traces', 'vggt-a40', name)
      return Promise.resolve(formatOf(path, formats).read(path, {}))
    }
    const rows = tableOf(
      await read('vggt_100report_A40.sqlite'),
      await read('vggt_optimized100report_A40.sqlite'),
    )
    const global = rows.find(({ component }) => component.endsWith('Global_Attention'))!
    expect([global.baseCalls, global.candidateCalls, global.isPerCall]).toEqual([24, 20, true])
    expect(Math.abs(global.speedup! - 1)).toBeLessThan(0.01)
    expect(global.baseNs! / global.candidateNs!).toBeGreaterThan(1.19)
  })
})

function reportOf(a: Trace, b: Trace) {
  const [x, y] = pooledPair([a], [b])
  return {
    base: 'base',
    candidate: 'candidate',
    diff: diffOf(x, y),
    components: components(x, y),
    gates: [],
  }
}
