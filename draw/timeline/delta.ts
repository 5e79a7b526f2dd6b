/**
 * Spans of two aligned runs, coloured by how much faster or slower their match is. Steps of one hue each way, blue and
 * orange, which every kind of colour vision tells apart; work without a match is the colour of ink.
 *
 *   faster  ██ ▓▓  ░░  ▓▓ ██  slower        ██ no match
 *          20 %  5 %  5 %  20 %
 */
import type { Colour } from '../palette.ts'

export const DELTA_CLASSES = [
  'delta/faster-2',
  'delta/faster-1',
  'delta/same',
  'delta/slower-1',
  'delta/slower-2',
  'delta/unmatched',
  'delta/outside',
] as const
export type DeltaClass = (typeof DELTA_CLASSES)[number]

export const deltaColours: Readonly<Record<DeltaClass, Colour>> = {
  'delta/faster-2': { light: '#1f5fa8', dark: '#6cb1f2' },
  'delta/faster-1': { light: '#8fbbe4', dark: '#35648f' },
  'delta/same': { light: '#d3d5d3', dark: '#4a5158' },
  'delta/slower-1': { light: '#f2b27a', dark: '#8f5a2a' },
  'delta/slower-2': { light: '#b4540a', dark: '#f5a04d' },
  'delta/unmatched': { light: '#17191c', dark: '#f2f3f5' },
  'delta/outside': { light: '#ebece9', dark: '#262b31' },
}

export const deltaWords: Readonly<Record<DeltaClass, string>> = {
  'delta/faster-2': 'over 20 % faster',
  'delta/faster-1': '5 to 20 % faster',
  'delta/same': 'within 5 %',
  'delta/slower-1': '5 to 20 % slower',
  'delta/slower-2': 'over 20 % slower',
  'delta/unmatched': 'no match',
  'delta/outside': 'not aligned',
}

export const isDelta = (cls: string): cls is DeltaClass => (DELTA_CLASSES as readonly string[]).includes(cls)

/** The class of a match: time of all its ops in the candidate over that in the base. */
export function deltaClass(baseNs: number, candidateNs: number): DeltaClass {
  const change = candidateNs - baseNs
  // In whole numbers: 5 % of 100 ns is 5 ns, exactly.
  if (20 * Math.abs(change) <= baseNs) return 'delta/same'
  const size = 5 * Math.abs(change) <= baseNs ? 1 : 2
  return change < 0 ? `delta/faster-${size}` : `delta/slower-${size}`
}
