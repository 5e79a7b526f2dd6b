/**
 * What to know first about a run, in three to six sentences, each made from an analysis and linked to it. A sentence whose
 * evidence is missing is not written; what is missing is said instead.
 */
import type { Trace } from '../trace/trace.ts'
import { analysis } from './analysis.ts'
import { copies } from './verdict/copies.ts'
import { lost, missing } from './verdict/held.ts'
import { boundness, length } from './verdict/length.ts'
import type { Sentence } from './verdict/stretch.ts'
import { backPressure, longestGap, misleadingRange } from './verdict/waits.ts'
import { classesOfWork, largestKernel, largestPhase, peakOfPhase } from './verdict/work.ts'

const MOST = 6

/** In the order in which they matter: where there are more than six, the last are left out. */
const SENTENCES: readonly ((trace: Trace) => Sentence[])[] = [
  missing,
  length,
  boundness,
  lost,
  largestPhase,
  peakOfPhase,
  misleadingRange,
  backPressure,
  largestKernel,
  copies,
  longestGap,
  classesOfWork,
]

export const verdict = analysis({
  id: 'verdict',
  title: 'Verdict',
  about: 'What to know first about this run, each sentence linked to its evidence.',
  needs: [],
  parameters: {},
  compute: (trace): { sentences: Sentence[] } => {
    const sentences: Sentence[] = []
    for (const write of SENTENCES) if (sentences.length < MOST) sentences.push(...write(trace))
    return { sentences: sentences.slice(0, MOST) }
  },
  tables: (result) => [
    {
      title: 'Verdict',
      columns: [
        { key: 'text', title: 'What', unit: 'prose' },
        { key: 'evidence', title: 'Evidence' },
      ],
      rows: result.sentences.map(({ text, evidence }) => ({ text, evidence: asked(evidence) })),
    },
  ],
})

/** "ledger --iteration 2": as `show` is asked for it. */
const asked = ({ analysis: id, parameters }: Sentence['evidence']): string =>
  [
    id,
    ...Object.entries(parameters).map(
      ([name, value]) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${value}`,
    ),
  ].join(' ')
