/**
 * What nsys says when it fails, what that means, and what to do. Its exit codes do not tell: `profile` exits with the
 * target's status, 0 where no report came of it; so the texts are what there is.
 */
import { UserError } from '../../trace/errors.ts'
import type { ErrorKind } from '../../trace/errors.ts'

interface Failure {
  text: RegExp
  kind: ErrorKind
  /** What it means and what to do; `$1`, `$2` are the pattern's groups. */
  meaning: string
}

const FAILURES: readonly Failure[] = [
  {
    text: /importer binary and its dependencies were not found/i,
    kind: 'tool-missing',
    meaning:
      'its importer (the host part) is missing; install the full Nsight Systems package of the same version',
  },
  {
    text: /symbol lookup error[^\n]*GLIBC_PRIVATE/,
    kind: 'tool-missing',
    meaning: 'an nsys of 2021 or older does not work with glibc 2.34 or newer; install a newer one',
  },
  {
    text: /created in Nsight Systems version \(?([\w.-]+)\)?[^\n]*newer than your current version \(?([\w.-]+)\)?/i,
    kind: 'bad-input',
    meaning:
      'the report was written by nsys $1, this one is $2; export it with that version or a newer one: nsys export --type sqlite FILE',
  },
  {
    text: /Version number is invalid|ProtobufParseException/i,
    kind: 'bad-input',
    meaning: 'the report is newer than this nsys; export it with the version that wrote it, or a newer one',
  },
  {
    text: /Section Table Reference magic number mismatch/i,
    kind: 'bad-input',
    meaning: 'the report is cut short; copy the whole file',
  },
  {
    text: /Invalid version prefix: version/i,
    kind: 'bad-input',
    meaning: 'the report is a Git LFS pointer, not the report itself; fetch it with "git lfs pull"',
  },
  {
    text: /Cannot read from stream/i,
    kind: 'bad-input',
    meaning: 'the report is empty; the capture did not finish',
  },
  {
    text: /database is locked/i,
    kind: 'bad-input',
    meaning: 'the export is on a file system without locking (NFS, Lustre); export into a local folder',
  },
  {
    text: /unable to open database file/i,
    kind: 'bad-request',
    meaning: 'the output folder is missing or cannot be written to',
  },
  {
    text: /Failed to create '([^']*)': File exists/,
    kind: 'bad-request',
    meaning: '$1 is already there; remove it, or choose another folder',
  },
  {
    text: /ERR_NVGPUCTRPERM|Insufficient privilege/i,
    kind: 'tool-missing',
    meaning:
      'GPU counters need root, CAP_SYS_ADMIN, or the driver option NVreg_RestrictProfilingToAdminUsers=0',
  },
  {
    text: /Illegal --gpu-metrics-devices? usage/i,
    kind: 'bad-request',
    meaning: 'no GPU here has metrics to sample; leave GPU metrics off',
  },
  {
    text: /already subscribed to CUPTI|multiple concurrent subscriber/i,
    kind: 'failed-check',
    meaning:
      'another profiler (the PyTorch profiler, DCGM) holds the GPU’s tracing interface; end it and try again',
  },
  {
    text: /CUDA driver version \(([^)]*)\) is not supported/i,
    kind: 'tool-missing',
    meaning: 'the CUDA driver ($1) is newer than this nsys; install a newer nsys',
  },
  {
    text: /version of 'libcuda\.so' must match|NVIDIA GPUs not found/i,
    kind: 'tool-missing',
    meaning: 'no working NVIDIA driver is visible here (in a container: start it with --gpus all)',
  },
  {
    text: /No reports were generated/i,
    kind: 'failed-check',
    meaning: 'the capture never opened: the program ended before it reached the range that opens it',
  },
  {
    text: /Local Endpoint is not available|\bEnd of file\b|Importation (of .* )?failed/i,
    kind: 'failed-check',
    meaning: 'its own processes lost each other, several times over; try again when the machine is less busy',
  },
  {
    text: /unrecogni[sz]ed option '([^']*)'|Illegal (--[\w-]+) argument|(option) is ambiguous/i,
    kind: 'tool-missing',
    meaning: 'this version does not know an option that is needed ($1$2$3); install nsys 2022.4 or newer',
  },
]

/** The first failure whose text stands in the output, as an error in one line; undefined where none does. */
export function failureOf(output: string, doing: string): UserError | undefined {
  for (const { text, kind, meaning } of FAILURES) {
    const match = text.exec(output)
    if (match === null) continue
    const told = meaning.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? '')
    return new UserError(kind, `nsys could not ${doing}: ${told}`)
  }
  return undefined
}

/**
 * Failures that go away when the same is tried again: nsys' own processes, which talk over sockets, lost each other. Seen on
 * a machine with all its cores busy, about once in 30 captures.
 */
export const isPassing = (output: string): boolean =>
  /\bEnd of file\b|Local Endpoint is not available|Importation (of .* )?failed|boost::wrapexcept/i.test(
    output,
  )

/** Its last words, where nothing above fits. */
export function lastWords(output: string): string {
  const lines = output
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^\[\d+\/\d+\] |^usage:|--help' for more/.test(line))
  return lines.slice(-2).join(' / ').slice(0, 300)
}
