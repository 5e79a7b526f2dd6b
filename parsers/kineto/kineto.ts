/**
 * PyTorch's profiler (Kineto): `.json` and `.json.gz`, every version since 2021, NVIDIA and AMD. See docs/formats/kineto.md.
 */
import type { Format } from '../format.ts'
import { readEvents } from './read.ts'
import { kindOfJson } from './recognise.ts'

export const kineto: Format = {
  id: 'kineto',
  title: 'PyTorch profiler trace (Kineto)',
  capture: 'torch.profiler.profile(…) and prof.export_chrome_trace("trace.json.gz")',
  matches: (head, name) => kindOfJson(head, name) === 'kineto',
  read: (path, effects) => readEvents(path, 'kineto', effects),
}
