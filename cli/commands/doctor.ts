/** `doctor`: what this machine can do, and what is missing for the rest. */
import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { nodeEffects } from '../../profiler/effects.ts'
import { locateTools } from '../../profiler/tools.ts'
import type { Context } from '../context.ts'
import { textTable } from '../text-table.ts'

interface Finding {
  what: string
  found: string
  /** What works because of it, or what to do to get it. */
  means: string
  ok: boolean
}

export async function doctorCommand(context: Context): Promise<number> {
  const tools = await locateTools(nodeEffects)
  const findings: Finding[] = [
    {
      what: 'Node',
      found: process.version,
      means: 'runs everything',
      ok: true,
    },
    await onnxRuntime(),
    {
      what: 'nsys',
      found: tools.nsys === undefined ? 'not found' : `${tools.nsys.version} (${tools.nsys.path})`,
      means:
        tools.nsys === undefined
          ? 'without it: captures use ONNX Runtime’s own profile, and .nsys-rep files must be exported elsewhere. Install Nsight Systems and put nsys on PATH.'
          : 'captures carry NVTX ranges and OS calls; .nsys-rep files are exported',
      ok: tools.nsys !== undefined,
    },
    {
      what: 'python with torch',
      found: tools.python === undefined ? 'not found' : await torchVersion(tools.python.path),
      means: 'only the torch backend needs it: pip install torch numpy safetensors pillow',
      ok: tools.python !== undefined,
    },
    {
      what: 'ffmpeg',
      found: tools.ffmpeg === undefined ? 'not found' : tools.ffmpeg.version,
      means: 'only videos as --input need it',
      ok: tools.ffmpeg !== undefined,
    },
    storeFinding(context.databasePath),
    ...tools.problems.map((problem) => ({
      what: 'problem',
      found: problem,
      means: 'repair or remove it',
      ok: false,
    })),
  ]
  context.output.answer({ findings }, () =>
    textTable({
      title: 'This machine',
      columns: [
        { key: 'mark', title: '' },
        { key: 'what', title: 'What' },
        { key: 'found', title: 'Found' },
        { key: 'means', title: 'Means' },
      ],
      rows: findings.map(({ ok, ...one }) => ({ mark: ok ? '✓' : '·', ...one })),
    }),
  )
  return 0
}

async function onnxRuntime(): Promise<Finding> {
  const means = 'profiles VGGT in-process, without GPU, nsys or Python'
  try {
    const runtime = await import('onnxruntime-node')
    const backends = runtime.listSupportedBackends?.().map((one) => one.name) ?? ['cpu']
    return {
      what: 'ONNX Runtime',
      found: `${runtime.env.versions.node ?? 'loads'}, ${backends.join(', ')}`,
      means,
      ok: true,
    }
  } catch (error) {
    const found = error instanceof Error ? error.message.split('\n')[0]! : 'does not load'
    return { what: 'ONNX Runtime', found, means: 'run "npm run up" again', ok: false }
  }
}

async function torchVersion(python: string): Promise<string> {
  const { code, output } = await nodeEffects.run(python, ['-c', 'import torch; print(torch.__version__)'])
  return code === 0 ? `torch ${output.trim().split('\n').at(-1)}` : 'python without torch'
}

function storeFinding(path: string): Finding {
  const folder = existsSync(path) ? path : nearest(dirname(path))
  try {
    accessSync(folder, constants.W_OK)
    return { what: 'store', found: path, means: existsSync(path) ? 'there' : 'will be made', ok: true }
  } catch {
    return { what: 'store', found: path, means: 'cannot be written; give another --db', ok: false }
  }
}

const nearest = (folder: string): string => (existsSync(folder) ? folder : nearest(dirname(folder)))
