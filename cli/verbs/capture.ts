/** Verbs that take captures: run, sweep, exec, check-model, doctor. */
import type { Command } from 'commander'
import { checkModelCommand } from '../commands/check-model.ts'
import { doctorCommand } from '../commands/doctor.ts'
import { execCommand } from '../commands/exec.ts'
import type { ExecOptions } from '../commands/exec.ts'
import { runCommand } from '../commands/run.ts'
import type { RunOptions } from '../commands/run.ts'
import { sweepCommand } from '../commands/sweep.ts'
import { listVariants } from '../commands/variants.ts'
import type { Verbs } from './verbs.ts'

export function captureVerbs({ command, action }: Verbs): void {
  /** What is captured; `run` and `sweep` share these. */
  const captureOptions = (of: Command, frames: string, iterations: string): Command =>
    of
      .option('--backend <name>', 'onnx (no GPU, no Python) or torch', 'onnx')
      .option('--device <name>', 'auto, cpu, cuda or webgpu', 'auto')
      .option('--model <name>', 'tiny, small or 1b', 'tiny')
      .option('--weights <file>', 'an official .safetensors; seeded random weights where not given')
      .option('--frames <n>', 'images of the scene', frames)
      .option('--size <HxW>', 'pixels of an image')
      .option('--input <source>', 'synthetic, a folder of images, or a video', 'synthetic')
      .option(
        '--variant <ids>',
        'what to change, joined by commas; give it again for another capture',
        (value: string, before: string[]) => [...before, value],
        [],
      )
      .option('--iterations <n>', 'measured forwards', iterations)
      .option('--warmup <n>', 'forwards before them', '2')
      .option('--seed <n>', 'of random weights and images', '1')
      .option('--nsys <when>', 'auto, on or off', 'auto')
      .option('--out <folder>', 'where captures are kept')
      .option('--no-reference', 'leave out the comparison of outputs with the unmodified model')

  captureOptions(command('run', 'profiles VGGT inferences and imports them'), '4', '5')
    .option('--rounds <n>', 'captures of each variant, in turns')
    .option('--no-import', 'capture only')
    .option('--compare', 'two variants, captured in turns and put beside each other')
    .option('--list-variants', 'what can be changed, where, and whether outputs stay the same')
    .action(
      action((context, _args, options) =>
        options.listVariants === true
          ? listVariants(context)
          : runCommand(context, options as unknown as RunOptions),
      ),
    )
  captureOptions(
    command('sweep', 'time and peak memory for several frame counts, beside the published table'),
    '1,2,4',
    '3',
  ).action(
    action((context, _args, options) =>
      sweepCommand(context, { ...(options as unknown as RunOptions), import: false }),
    ),
  )
  command('exec <program...>', 'any program under nsys, its capture imported: exec -- python train.py')
    .option('--out <folder>', 'where the capture is kept')
    .option('--label <text>', 'what to call the run')
    .option('--capture-range <name>', 'an NVTX range, or cudaProfilerApi, that opens and closes the capture')
    .option('--memory', 'record device memory too (it slows the program)')
    .option('--no-import', 'capture only')
    .action(
      action((context, [program], options) =>
        execCommand(context, program as string[], options as unknown as ExecOptions),
      ),
    )
  command(
    'check-model <folder>',
    'the model against golden tensors (config.json, weights.safetensors, io.safetensors)',
  )
    .option('--backend <name>', 'onnx or torch', 'onnx')
    .option('--attention <form>', 'mha, onnx23 or decomposed')
    .action(
      action((context, [folder], options) =>
        checkModelCommand(context, folder as string, options as { backend: string; attention?: string }),
      ),
    )
  command('doctor', 'what this machine can do, and what is missing').action(
    action((context) => doctorCommand(context)),
  )
}
