import { describe, expect, it } from 'vitest'
import type { Effects, Outcome, RunOptions } from '../../profiler/effects.ts'
import { commandLine, profileArguments, targetEnvironment } from '../../profiler/nsys/command.ts'
import { failureOf } from '../../profiler/nsys/failures.ts'
import { exportReport, profileProgram } from '../../profiler/nsys/run.ts'
import { locateTools } from '../../profiler/tools.ts'
import { UserError } from '../../trace/errors.ts'

const nsys = { path: '/opt/bin/nsys', version: '2023.4.4' }

interface World {
  effects: Effects
  files: Map<string, number>
  commands: { line: string; env: Readonly<Record<string, string>> | undefined }[]
}

const unused = (): never => {
  throw new Error('not part of this test')
}
const answersVersion = (line: string): Partial<Outcome> =>
  line.includes('nsys') ? { output: 'NVIDIA Nsight Systems version 2025.5.2.266-1v0' } : { code: 1 }

/** A world whose programs do what `behave` says; it may add files. */
function world(behave: (line: string, files: Map<string, number>, call: number) => Partial<Outcome>): World {
  const files = new Map<string, number>()
  const commands: World['commands'] = []
  const effects: Effects = {
    run: (command: string, args: readonly string[], options?: RunOptions) => {
      const line = [command, ...args].join(' ')
      commands.push({ line, env: options?.env })
      return Promise.resolve({
        code: 0,
        signal: null,
        output: '',
        ...behave(line, files, commands.length - 1),
      })
    },
    exists: (path) => Promise.resolve(files.has(path)),
    size: (path) => Promise.resolve(files.get(path)),
    list: (folder) =>
      Promise.resolve([
        ...new Set(
          [...files.keys()]
            .filter((path) => path.startsWith(`${folder}/`))
            .map((path) => path.slice(folder.length + 1).split('/')[0]!),
        ),
      ]),
    remove: (path) => Promise.resolve(void files.delete(path)),
    readText: unused,
    writeText: unused,
    writeBytes: unused,
    makeFolder: unused,
    move: unused,
    now: () => 0,
  }
  return { effects, files, commands }
}

const errorOf = (promise: Promise<unknown>): Promise<UserError> =>
  promise.then(
    () => {
      throw new Error('it did not fail')
    },
    (error: unknown) => {
      expect(error).toBeInstanceOf(UserError)
      return error as UserError
    },
  )
const capture = (it: World): Promise<{ report: string; command: string; targetCode: number | null }> =>
  profileProgram(nsys, { report: 'out/r', trace: ['nvtx'], target: ['node', 'x.js'] }, it.effects, {
    env: {},
  })

describe('the command', () => {
  it('asks for graphs by node and no sampling, and opens the capture with a range', () => {
    const args = profileArguments({
      report: 'out/r',
      trace: ['cuda', 'nvtx'],
      captureRange: { range: 'Measured' },
      target: ['node', 'x.js'],
    })
    expect(args).toContain('--cuda-graph-trace=node')
    expect(args).toContain('--sample=none')
    expect(args).toContain('--nvtx-capture=Measured')
    expect(args).toContain('--capture-range-end=stop')
    expect(args.slice(-2)).toEqual(['node', 'x.js'])
  })

  it('is shown as one types it', () =>
    expect(commandLine(['nsys', "it's", 'a b', '--x=1'])).toBe("nsys 'it'\\''s' 'a b' --x=1"))

  it('hands the target no variable that may hold a secret, as nsys writes them all into the report', () => {
    const passed = targetEnvironment({
      PATH: '/bin',
      HF_HOME: '/m',
      HF_TOKEN: 's',
      CUDA_API_KEY: 's',
      NVIDIA_SECRET_X: 's',
      AWS_ANYTHING: 's',
      OMP_NUM_THREADS: '2',
    })
    expect(passed).toEqual({ PATH: '/bin', HF_HOME: '/m', OMP_NUM_THREADS: '2' })
  })
})

describe('a capture', () => {
  it('succeeds when the report is there, whatever the exit status; the target’s own is told', async () => {
    const it_ = world((_, files) => (files.set('out/r.nsys-rep', 9), { code: 7 }))
    expect(await capture(it_)).toMatchObject({ report: 'out/r.nsys-rep', targetCode: 7 })
  })

  it('fails when no report is there although nsys exits 0, and an older one does not count', async () => {
    const it_ = world(() => ({ code: 0, output: 'No reports were generated' }))
    it_.files.set('out/r.nsys-rep', 9)
    const error = await errorOf(capture(it_))
    expect(error.message).toMatch(/never opened/)
  })

  it('is tried again after "End of file", and three times at most', async () => {
    const second = world((_, files, call) => {
      if (call === 0) return { code: 1, output: 'Error: End of file' }
      files.set('out/r.nsys-rep', 9)
      return {}
    })
    await capture(second)
    expect(second.commands).toHaveLength(2)
    const never = world(() => ({ code: 1, output: 'Error: End of file' }))
    expect((await errorOf(capture(never))).message).toContain('lost each other')
    expect(never.commands).toHaveLength(3)
  })

  it('lets a named range open it by saying so in the environment too', async () => {
    const it_ = world((_, files) => (files.set('out/r.nsys-rep', 9), {}))
    const { command } = await profileProgram(
      nsys,
      { report: 'out/r', trace: ['nvtx'], captureRange: { range: 'M' }, target: ['x'] },
      it_.effects,
      { env: {} },
    )
    expect(it_.commands[0]!.env).toEqual({ NSYS_NVTX_PROFILER_REGISTER_ONLY: '0' })
    expect(command).toMatch(/^NSYS_NVTX_PROFILER_REGISTER_ONLY=0 \/opt\/bin\/nsys profile /)
  })
})

describe('an export', () => {
  it('fails when nsys says so, and leaves no half file', async () => {
    const it_ = world((_, files) => {
      files.set('r.sqlite', 4096)
      return {
        code: 1,
        output:
          'Report was created in Nsight Systems version (2025.5.2), newer than your current version (2023.4.4)',
      }
    })
    const error = await errorOf(exportReport(nsys, 'r.nsys-rep', 'r.sqlite', it_.effects))
    expect(error.kind).toBe('bad-input')
    expect(error.message).toBe(
      'nsys could not export the report: the report was written by nsys 2025.5.2, this one is 2023.4.4; export it with that version or a newer one: nsys export --type sqlite FILE',
    )
    expect(it_.files.has('r.sqlite')).toBe(false)
  })

  it('fails when there is no file although nsys exits 0', async () => {
    const error = await errorOf(exportReport(nsys, 'r.nsys-rep', 'r.sqlite', world(() => ({})).effects))
    expect(error.message).toContain('it said nothing')
  })
})

it.each([
  ['The importer binary and its dependencies were not found', 'tool-missing', /full Nsight Systems package/],
  ['nsys: symbol lookup error: x.so: __libc_dlsym, version GLIBC_PRIVATE', 'tool-missing', /glibc/],
  ['Section Table Reference magic number mismatch', 'bad-input', /cut short/],
  ['Invalid version prefix: version', 'bad-input', /LFS/],
  ['Cannot read from stream', 'bad-input', /empty/],
  ["Failed to create '/a/b.nsys-rep': File exists.", 'bad-request', /\/a\/b\.nsys-rep is already there/],
  ['A client is already subscribed to CUPTI.', 'failed-check', /another profiler/],
  [
    'Installed CUDA driver version (13.1) is not supported',
    'tool-missing',
    /\(13\.1\) is newer than this nsys/,
  ],
  ['Illegal --gpu-metrics-devices usage. None', 'bad-request', /no GPU here/],
  ['RuntimeError: database is locked', 'bad-input', /local folder/],
  ["unrecognised option '--capture-range=nvtx'", 'tool-missing', /--capture-range=nvtx.*newer/],
] as const)('nsys’ words "%s" become one line of what to do', (text, kind, message) => {
  const error = failureOf(`noise\n${text}\nnoise`, 'capture')
  expect(error?.kind).toBe(kind)
  expect(error?.message).toMatch(message)
  expect(error?.message).not.toContain('\n')
})

describe('the tools', () => {
  it('are found on PATH first, then where NVIDIA installs nsys, the newest first', async () => {
    const it_ = world(answersVersion)
    for (const version of ['2023.4.4', '2025.5.2', '2024.10.1'])
      it_.files.set(`/opt/nvidia/nsight-systems/${version}/bin/nsys`, 1)
    expect((await locateTools(it_.effects, { PATH: '/bin' })).nsys).toEqual({
      path: '/opt/nvidia/nsight-systems/2025.5.2/bin/nsys',
      version: '2025.5.2.266-1v0',
    })
    it_.files.set('/bin/nsys', 1)
    expect((await locateTools(it_.effects, { PATH: '/bin' })).nsys?.path).toBe('/bin/nsys')
  })

  it('that are there but do not work are left aside, with the reason', async () => {
    const it_ = world(() => ({ code: 127, output: 'libssh.so.4: cannot open shared object file' }))
    it_.files.set('/bin/nsys', 1)
    const tools = await locateTools(it_.effects, { PATH: '/bin' })
    expect(tools.nsys).toBeUndefined()
    expect(tools.problems).toEqual(['/bin/nsys does not work: libssh.so.4: cannot open shared object file'])
  })
})
