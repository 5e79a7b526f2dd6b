/**
 * The nsys command lines, every flag chosen on purpose.
 *
 * - no CPU sampling and no context switches (`--sample=none --cpuctxsw=none`): they cost time, need privileges and answer
 *   nothing that is asked here;
 * - CUDA graphs by node: in `graph` mode, the default, the kernels inside a graph are missing;
 * - warm-up outside the capture: it opens when the program opens a named range, or calls cudaProfilerStart, and closes
 *   with it, while the program goes on (`--capture-range-end=stop`; the default would kill it).
 */
export type TraceKind = 'cuda' | 'nvtx' | 'osrt' | 'cublas' | 'cudnn'

export interface ProfileOptions {
  /** Without its extension. */
  report: string
  trace: readonly TraceKind[]
  /** What opens and closes the capture; the whole program where not given. */
  captureRange?: { range: string } | 'cudaProfilerApi'
  /** Record allocations of device memory. NVIDIA calls its cost significant. */
  memoryUsage?: boolean
  target: readonly string[]
}

/** Arguments of `nsys` for a capture. */
export function profileArguments(options: ProfileOptions): string[] {
  const { captureRange: opened, trace } = options
  return [
    'profile',
    `--output=${options.report}`,
    '--force-overwrite=true',
    `--trace=${trace.join(',')}`,
    '--sample=none',
    '--cpuctxsw=none',
    ...(trace.includes('cuda') ? ['--cuda-graph-trace=node'] : []),
    ...(options.memoryUsage ? ['--cuda-memory-usage=true'] : []),
    ...(opened === undefined
      ? []
      : opened === 'cudaProfilerApi'
        ? ['--capture-range=cudaProfilerApi', '--capture-range-end=stop']
        : ['--capture-range=nvtx', `--nvtx-capture=${opened.range}`, '--capture-range-end=stop']),
    // No `--` before it: nsys 2023.4 takes that for an abbreviated option.
    ...options.target,
  ]
}

/** nsys listens for a range by an unregistered name only when told to. */
export const captureRangeEnvironment = (options: ProfileOptions): Record<string, string> =>
  typeof options.captureRange === 'object' ? { NSYS_NVTX_PROFILER_REGISTER_ONLY: '0' } : {}

/** Arguments of `nsys` for the SQLite export of a report. Never reuses an older export beside it. */
export const exportArguments = (report: string, sqlite: string): string[] => [
  'export',
  '--type=sqlite',
  '--force-overwrite=true',
  `--output=${sqlite}`,
  report,
]

/** A command as one types it into a shell. */
export const commandLine = (words: readonly string[]): string =>
  words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ')

/**
 * nsys writes the whole environment of what it starts into its report: keys and tokens too. So a target gets only what a
 * model run needs, by name.
 */
const PASSED_ON =
  /^(PATH|HOME|USER|TMPDIR|TZ|LANG|LC_\w+|LD_LIBRARY_PATH|NODE_OPTIONS|NODE_PATH|PYTHON(PATH|HOME|UNBUFFERED)|VIRTUAL_ENV|(CUDA|NVIDIA|NCCL|CUBLAS|CUDNN|TORCH|PYTORCH|OMP|MKL|OPENBLAS|ORT|TRITON)_\w+|HF_HOME|HF_HUB_OFFLINE|XDG_CACHE_HOME)$/

/** Looks like a secret whatever it is called. */
const SECRET = /TOKEN|SECRET|PASSW|CREDENTIAL|_KEY$|APIKEY/i

export function targetEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && PASSED_ON.test(entry[0]) && !SECRET.test(entry[0]),
    ),
  )
}
