import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { busyOf } from '../../analysis/busy.ts'
import { captureWindow } from '../../analysis/capture-window.ts'
import { ledger } from '../../analysis/ledger.ts'
import { opsByDevice } from '../../analysis/device-work.ts'
import { randomParts, traceOf } from '../random-trace.ts'

const RUNS = { numRuns: 1000 }
const sum = (values: readonly { ns: number }[]): number => values.reduce((total, one) => total + one.ns, 0)
const isBusy = (one: { owner: string }): boolean => one.owner.startsWith('busy/')

describe('the ledger of any trace', () => {
  test('owners, and phases, sum to the wall time exactly; busy is the union', () => {
    fc.assert(
      fc.property(randomParts, (parts) => {
        const trace = traceOf(parts)
        for (const device of ledger.compute(trace, {}).devices) {
          expect(sum(device.owners)).toBe(device.wallNs)
          expect(sum(device.phases)).toBe(device.wallNs)
          const rows = opsByDevice(trace)[device.device]!
          expect(sum(device.owners.filter(isBusy))).toBe(busyOf(trace.device_op, rows))
          const durations = rows.reduce((total, op) => total + trace.device_op.duration[op]!, 0)
          const hidden = device.owners.reduce((total, one) => total + (one.hiddenNs ?? 0), 0)
          expect(sum(device.owners.filter(isBusy)) + hidden).toBe(durations)
        }
      }),
      RUNS,
    )
  })

  test('shifting all times changes nothing', () => {
    fc.assert(
      fc.property(randomParts, fc.integer({ min: 1, max: 2 ** 40 }), (parts, shift) => {
        const strip = (devices: ReturnType<typeof ledger.compute>['devices']) =>
          devices.map(({ owners, wallNs, phases }) => ({ owners, wallNs, phases }))
        expect(strip(ledger.compute(traceOf(parts, { shift }), {}).devices)).toEqual(
          strip(ledger.compute(traceOf(parts), {}).devices),
        )
      }),
      RUNS,
    )
  })

  test('ops of length zero change nothing', () => {
    fc.assert(
      fc.property(
        randomParts,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
        (parts, at) => {
          const plain = traceOf(parts)
          const window = captureWindow(plain)
          if (window === undefined) return
          const extraZeroOps = at.map((share) => Math.floor(window[0] + share * (window[1] - window[0])))
          expect(ledger.compute(traceOf(parts, { extraZeroOps }), {})).toEqual(ledger.compute(plain, {}))
        },
      ),
      RUNS,
    )
  })

  test('a window cut in two has ledgers that add up to the whole’s', () => {
    fc.assert(
      fc.property(randomParts, fc.double({ min: 0, max: 1, noNaN: true }), (parts, share) => {
        const trace = traceOf(parts)
        const window = captureWindow(trace)
        if (window === undefined) return
        const cut = Math.floor(window[0] + share * (window[1] - window[0]))
        const whole = ledger.compute(trace, {}).devices
        const halves = [{ to: cut }, { from: cut }].map((choice) => ledger.compute(trace, choice).devices)
        for (const [i, device] of whole.entries())
          for (const one of device.owners)
            for (const key of ['ns', 'hiddenNs'] as const) {
              const parted = halves.map(
                (half) => half[i]!.owners.find((other) => other.owner === one.owner)?.[key] ?? 0,
              )
              expect(parted[0]! + parted[1]!, `${one.owner} ${key}`).toBe(one[key] ?? 0)
            }
      }),
      RUNS,
    )
  })

  test('the order of rows in the source changes nothing', () => {
    fc.assert(
      fc.property(
        randomParts.filter(({ ops }) => ops.length > 1),
        (parts) => {
          const trace = traceOf(parts)
          // Rows that tie on (start, lane, kind) are told apart only by the source's own key, which moves with its row.
          const { device_op: ops } = trace
          const n = ops.length
          const swapped = Object.fromEntries(
            Object.entries(ops).map(([name, column]) => {
              if (!ArrayBuffer.isView(column)) return [name, column]
              const copy = (column as Float64Array).slice()
              for (let i = 0; i + 1 < n; i++)
                if (ops.start[i] === ops.start[i + 1]) [copy[i], copy[i + 1]] = [copy[i + 1]!, copy[i]!]
              return [name, copy]
            }),
          )
          const other = { ...trace, device_op: swapped as unknown as typeof ops }
          expect(ledger.compute(other, {})).toEqual(ledger.compute(trace, {}))
        },
      ),
      RUNS,
    )
  })
})
