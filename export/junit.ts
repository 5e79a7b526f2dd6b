/** Gates as JUnit XML, which most CI systems show: a failed gate is a failure, an inconclusive one is skipped. */
import type { GateResult } from '../analysis/diff/gate.ts'
import { gateText } from './diff-report.ts'
import { escaped } from './escaped.ts'

/** With `strict`, an inconclusive gate is a failure too. */
export function junit(name: string, gates: readonly GateResult[], strict: boolean): string {
  const isFailure = (gate: GateResult): boolean =>
    gate.result === 'failed' || (strict && gate.result === 'inconclusive')
  const failures = gates.filter(isFailure).length
  const skipped = gates.filter((gate) => !isFailure(gate) && gate.result === 'inconclusive').length
  const cases = gates.map((gate) => {
    const message = escaped(gateText(gate))
    const inside = isFailure(gate)
      ? `<failure message="${message}"/>`
      : gate.result === 'inconclusive'
        ? `<skipped message="${message}"/>`
        : `<system-out>${message}</system-out>`
    return `    <testcase classname="profile-vggt diff" name="${escaped(gate.gate)}">${inside}</testcase>`
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites><testsuite name="${escaped(name)}" tests="${gates.length}" failures="${failures}" skipped="${skipped}">`,
    ...cases,
    '</testsuite></testsuites>',
    '',
  ].join('\n')
}
