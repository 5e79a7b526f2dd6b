/** A class of the timeline in words. */
import { deltaWords, isDelta } from '../../../draw/timeline/delta.ts'
import { ownerLabel } from '../../../draw/palette.ts'

const WORDS: Readonly<Record<string, string>> = {
  range: 'range',
  'api/launch': 'launch call',
  'api/sync': 'blocking sync',
  'api/alloc': 'allocation call',
  'api/blocking-copy': 'blocking copy call',
  'api/other': 'other API call',
  'os/wait': 'OS call that waits',
  'os/other': 'OS call',
  'overhead/profiler': 'profiler overhead',
  'overhead/cuda': 'CUDA overhead',
  counter: 'counter',
  memory: 'memory',
}

export const classLabel = (cls: string): string =>
  isDelta(cls) ? deltaWords[cls] : (WORDS[cls] ?? ownerLabel(cls))
