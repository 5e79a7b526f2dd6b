/** `diff BASE CAND`: is it comparable, what is the difference made of, is it more than noise, does it pass the gates. */
import { writeFileSync } from 'node:fs'
import { components } from '../../analysis/diff/components.ts'
import { diffOf, pooledPair } from '../../analysis/diff/diff.ts'
import { gateOf, judgeGate } from '../../analysis/diff/gate.ts'
import { diffHtml } from '../../export/diff-html.ts'
import { diffMarkdown } from '../../export/diff-markdown.ts'
import type { DiffReport } from '../../export/diff-report.ts'
import { junit } from '../../export/junit.ts'
import { UserError } from '../../trace/errors.ts'
import type { Context } from '../context.ts'
import { diffText } from '../diff-text.ts'
import { keptFloors, loadSide } from '../side.ts'

export interface DiffOptions {
  gate: string[]
  pair: string[]
  device?: string
  strict?: boolean
  markdown?: string
  junit?: string
  html?: string
  components?: string
}

export async function diffCommand(
  context: Context,
  base: string,
  candidate: string,
  options: DiffOptions,
): Promise<number> {
  // Gates are read first: a typing mistake should not cost the reading of two large files.
  const gates = options.gate.map(gateOf)
  const [a, b] = [await loadSide(context, base), await loadSide(context, candidate)]
  const [x, y] = pooledPair(a.traces, b.traces, keptFloors(context), deviceIn(options.device))
  const diff = diffOf(x, y, options.pair)
  const names = options.components?.split(',').map((name) => name.trim())
  const report: DiffReport = {
    base: a.label,
    candidate: b.label,
    diff,
    components: components(x, y, { names, pairs: diff.alignment.byHand }),
    gates: gates.map((gate) => judgeGate(gate, x, y, diff.comparable.comparable)),
  }
  const strict = options.strict === true
  write(context, options.markdown, () => diffMarkdown(report))
  write(context, options.html, () => diffHtml(report))
  write(context, options.junit, () => junit(`${b.label} against ${a.label}`, report.gates, strict))
  context.output.answer({ ...diff, components: report.components, gates: report.gates }, () =>
    diffText(report),
  )
  return report.gates.some(({ result }) => result === 'failed' || (strict && result === 'inconclusive'))
    ? 1
    : 0
}

function deviceIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,9}$/.test(text))
    throw new UserError('bad-request', `--device takes a device’s number, as in --device 1, not "${text}"`)
  return Number(text)
}

function write(context: Context, path: string | undefined, text: () => string): void {
  if (path === undefined) return
  try {
    writeFileSync(path, text())
  } catch (error) {
    throw new UserError('bad-input', `${path} cannot be written: ${(error as Error).message}`, {
      cause: error,
    })
  }
  context.output.note(`Written: ${path}`)
}
