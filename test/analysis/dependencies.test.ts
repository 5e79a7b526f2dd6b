import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dependencies } from '../../analysis/dependencies.ts'
import { gaps } from '../../analysis/gaps.ts'
import { ledger } from '../../analysis/ledger.ts'
import { emptyTable } from '../../trace/builder.ts'
import { tableNames, tables } from '../../trace/tables.ts'
import type { Trace } from '../../trace/trace.ts'
import { drawn } from '../drawn-trace.ts'
import { randomParts, traceOf } from '../random-trace.ts'
import { run, steps } from './waiting-streams.ts'

/** The gap that N ends on device 0. */
const gapOf = (trace: Trace) => gaps.compute(trace, {}).gaps.find((one) => one.next?.name === 'kernel N')!
/** Its causes, in microseconds. */
const causes = (text: string): [string, number][] =>
  gapOf(drawn(text)).causes.map((one) => [one.cause, one.ns / 1000])

const WAITS_FOR_A = `
    api        ab...n......
    record1.7  ..1.........
    wait0.7    ...1........
    gpu1       .AAAAAAAAA..
    gpu0       ..BB.......N`

describe('an op whose stream waits for an event of another device', () => {
  test('waits until the work before the record has ended; the rest is on its way', () => {
    expect(causes(WAITS_FOR_A)).toEqual([
      ['host-work', 1],
      ['launch-call', 1],
      ['dependency-wait', 4],
      ['submission-latency', 1],
    ])
  })

  test('the gap says which call made it wait, and for what', () => {
    const found = gapOf(drawn(WAITS_FOR_A)).causes.find((one) => one.cause === 'dependency-wait')
    expect(found).toMatchObject({
      evidence: { table: 'api_call', name: 'cudaStreamWaitEvent_v3020' },
      waitedFor: { name: 'kernel A', device: 1 },
    })
  })

  test('submitted before the gap began, it waits from the gap’s start; then it is handed over', () => {
    expect(
      causes(`
        api        ab..n.......
        record1.7  ..1.........
        wait0.7    ...1........
        gpu1       .AAAAAAAAA..
        gpu0       ..BBBBB....N`),
    ).toEqual([
      ['dependency-wait', 3],
      ['handover', 1],
    ])
  })

  test('a stream that waits hands its wait on to whoever waits for it', () => {
    expect(
      causes(`
        api        ab.....n....
        record1.7  ..1.........
        wait2.7    ...1........
        record2.7  ....2.......
        wait0.7    .....2......
        gpu1       .AAAAAAAAA..
        gpu0       ..BB.......N`),
    ).toContainEqual(['dependency-wait', 2])
  })

  test('only the first op after the wait stands behind it', () => {
    const { proved } = dependencies(
      drawn(`
        api        ab...nm.......
        record1.7  ..1...........
        wait0.7    ...1..........
        gpu1       .AAAAAAAAA....
        gpu0       ..BB.......N.M`),
    )
    expect(proved.size).toBe(1)
  })

  test('when the device reached the event is known: then another wait on the same device shows as well', () => {
    // A host function between A and the record is in no trace.
    expect(
      causes(`
        api        ab..n.......
        record0.8  ..1.........
        wait0.7    ...1........
        reached    .........1..
        gpu0.8     .AAAAA......
        gpu0.7     ..BB.......N`),
    ).toEqual([
      ['dependency-wait', 3],
      ['handover', 2],
    ])
  })
})

describe('no dependency is claimed', () => {
  const claimed = (text: string): boolean => causes(text).some(([cause]) => cause === 'dependency-wait')

  test('between streams of one device: what was waited for had ended when the gap began', () => {
    expect(
      causes(`
        api        ab..n.......
        record0.8  ..1.........
        wait0.7    ...1........
        gpu0.8     .AAAAAAA....
        gpu0.7     ..BB.......N`),
    ).toEqual([['handover', 3]])
  })

  test('for a record after the wait, or of another event', () => {
    expect(claimed(WAITS_FOR_A.replace('record1.7  ..1.', 'record1.7  ....1'))).toBe(false)
    expect(claimed(WAITS_FOR_A.replace('record1.7  ..1', 'record1.7  ..2'))).toBe(false)
  })

  test('for work that was submitted after the record', () => {
    expect(
      claimed(`
        api        .b.a.n......
        record1.7  ..1.........
        wait0.7    ....1.......
        gpu1       ....AAAAAA..
        gpu0       ..BB.......N`),
    ).toBe(false)
  })

  test('where N was launched into another stream, or before the wait', () => {
    expect(claimed(WAITS_FOR_A.replace('wait0.7', 'wait0.9'))).toBe(false)
    expect(claimed(WAITS_FOR_A.replace('wait0.7    ...1...', 'wait0.7    ......1'))).toBe(false)
  })

  test('where a record of another thread overlaps the wait: either may be meant', () => {
    expect(claimed(WAITS_FOR_A.replace('wait0.7', 'record1.8:2  ...1\n wait0.7'))).toBe(false)
  })

  test('where some event was recorded in between, and no row tells which', () => {
    const text = WAITS_FOR_A.replace('wait0.7    ...1', 'untold     ...3\n    wait0.7    ....1')
    expect(claimed(text.replace('ab...n', 'ab....n'))).toBe(false)
    expect(claimed(text.replace('ab...n', 'ab....n').replace('untold', 'nothing'))).toBe(true)
  })

  test('where N began before the awaited work had ended', () => {
    expect(claimed(WAITS_FOR_A.replace('..BB.......N', '..BB....N...'))).toBe(false)
  })

  test('where records of events are missing, and then the gap says so', () => {
    const whole = drawn(WAITS_FOR_A, { recorded: tableNames.filter((name) => name !== 'cuda_event') })
    const gap = gapOf({ ...whole, cuda_event: emptyTable(tables.cuda_event) })
    expect(gap.causes.map((one) => [one.cause, one.reason])).toEqual([
      ['host-work', 'in no range; after cudaStreamWaitEvent, before cudaLaunchKernel'],
      ['launch-call', undefined],
      [
        'submission-latency',
        'its stream was made to wait for an event; records of events are not in this capture',
      ],
    ])
  })

  test('where an event of the same id is of another context', () => {
    const trace = drawn(WAITS_FOR_A.replace('wait0.7', 'record1.9:2  1\n    wait0.7'))
    expect(dependencies(trace).proved.size).toBe(1)
    const context = trace.stream.context.map((one, row) => (trace.stream.id[row] === 9 ? 2 : one))
    expect(dependencies({ ...trace, stream: { ...trace.stream, context } }).proved.size).toBe(0)
  })
})

test('a record’s own number decides where the source has one', () => {
  const trace = drawn(WAITS_FOR_A.replace('record1.7  ..1', 'record1.7  ..2'))
  const number = Uint32Array.of(41)
  const numbered = {
    ...trace,
    cuda_event: { ...trace.cuda_event, record: number },
    sync: { ...trace.sync, record: number },
  }
  expect(gapOf(trace).causes.some((one) => one.cause === 'dependency-wait')).toBe(false)
  expect(gapOf(numbered).causes.some((one) => one.cause === 'dependency-wait')).toBe(true)
})

describe('in any trace', () => {
  const AFTER_LAUNCH = ['idle/dependency-wait', 'idle/handover', 'idle/submission-latency']
  const sumsOf = (trace: Trace) =>
    ledger.compute(trace, {}).devices.map(({ owners }) => ({
      afterLaunch: owners
        .filter(({ owner }) => AFTER_LAUNCH.includes(owner))
        .reduce((sum, { ns }) => sum + ns, 0),
      rest: owners.filter(({ owner }) => !AFTER_LAUNCH.includes(owner)),
    }))

  test('a dependency takes only from handover and submission latency', () => {
    fc.assert(
      fc.property(randomParts, (parts) => {
        const trace = traceOf(parts)
        expect(sumsOf({ ...trace, cuda_event: emptyTable(tables.cuda_event) })).toEqual(sumsOf(trace))
      }),
      { numRuns: 1000 },
    )
  })

  test('each stretch is what the op truly stood behind, and none is missed', () => {
    let claims = 0
    fc.assert(
      fc.property(steps, (program) => {
        const { trace, awaited } = run(program)
        const { device_op: ops, api_call: api } = trace
        for (const gap of gaps.compute(trace, {}).gaps) {
          if (gap.next === null || gap.causes[0]!.cause === 'before-first') continue
          const op = gap.next.row
          const launch = ops.launch![op]!
          const from = Math.max(gap.startNs, api.start[launch]! + api.duration[launch]!)
          const until = awaited.get(ops.start[op]!)!
          const claim = gap.causes.find(({ cause }) => cause === 'dependency-wait')
          expect(claim === undefined ? undefined : [claim.startNs, claim.startNs + claim.ns]).toEqual(
            until > from ? [from, until] : undefined,
          )
          if (claim === undefined) continue
          claims++
          const on = claim.waitedFor!.row
          expect(ops.start[on]! + ops.duration[on]!).toBe(until)
          expect(ops.device[on]).not.toBe(gap.device)
        }
      }),
      { numRuns: 1000 },
    )
    expect(claims).toBeGreaterThan(20)
  })
})
