/**
 * What the events of a category are. Kineto's own names (`toString(ActivityType)` in libkineto), those of its first
 * releases (capitalised, up to 2021), and those of other back ends that write the same file.
 */
export type Role =
  | 'kernel'
  | 'copy'
  | 'set'
  | 'runtime'
  | 'driver'
  | 'sync'
  | 'overhead'
  /** Bars on a GPU's lanes that the profiler derives from the launches below an annotation. */
  | 'derived'
  /** The same of libkineto's first releases; of other tools anything that lasts. */
  | 'user'
  | 'cuda-event'
  | 'hardware-counter'
  /** Anything else that lasts: operators, annotations, Python functions, categories of other tools. */
  | 'range'

const ROLES: Readonly<Record<string, Role>> = {
  kernel: 'kernel',
  concurrent_kernel: 'kernel',
  Kernel: 'kernel',
  gpu_memcpy: 'copy',
  Memcpy: 'copy',
  gpu_memset: 'set',
  Memset: 'set',
  cuda_runtime: 'runtime',
  hip_runtime: 'runtime',
  xpu_runtime: 'runtime',
  mtia_runtime: 'runtime',
  glow_runtime: 'runtime',
  privateuse1_runtime: 'runtime',
  Runtime: 'runtime',
  cuda_driver: 'driver',
  hip_driver: 'driver',
  xpu_driver: 'driver',
  privateuse1_driver: 'driver',
  Driver: 'driver',
  cuda_sync: 'sync',
  xpu_sync: 'sync',
  overhead: 'overhead',
  gpu_user_annotation: 'derived',
  User: 'user',
  cuda_event: 'cuda-event',
  cuda_profiler_range: 'hardware-counter',
}

export const roleOf = (category: string): Role =>
  Object.hasOwn(ROLES, category) ? ROLES[category]! : 'range'

/** Categories of arrows from a launching call to its device work. */
export const LAUNCH_FLOWS: ReadonlySet<string> = new Set(['ac2g', 'async_cpu_to_gpu', 'async'])

/** Categories that only Kineto writes: one of them among the first events tells its format. */
export const KINETO_CATEGORIES: ReadonlySet<string> = new Set([
  ...Object.keys(ROLES),
  ...LAUNCH_FLOWS,
  'cpu_op',
  'user_annotation',
  'python_function',
  'cpu_instant_event',
  'Operator',
  'fwdbwd',
])
// Other tools use these words too.
export const AMBIGUOUS_CATEGORIES: ReadonlySet<string> = new Set([
  'async',
  'overhead',
  'kernel',
  'Kernel',
  'Runtime',
  'Driver',
  'User',
])

/** What PyTorch 1.8 calls the lanes of annotations on a GPU: "stream 7 user". */
export const ANNOTATION_LANE = /^stream \d+ user$/
