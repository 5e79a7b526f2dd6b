/** A person's own images as input: a folder of pictures, or a video. ffmpeg decodes and scales them. */
import { join } from 'node:path'
import { UserError } from '../../trace/errors.ts'
import type { Effects } from '../effects.ts'
import type { Tool } from '../tools.ts'

const PICTURE = /\.(png|jpe?g|webp|bmp|tiff?|ppm)$/i

export interface Wanted {
  frames: number
  height: number
  width: number
}

/**
 * Writes `frames` frames as RGB bytes to `target`: of a folder the first ones by name, of a video one a second from its
 * start. Scaled to cover height × width, the rest cut off evenly. Throws a UserError for too few, or for what ffmpeg
 * cannot decode.
 */
export async function decodePictures(
  source: string,
  target: string,
  wanted: Wanted,
  ffmpeg: Tool | undefined,
  effects: Effects,
): Promise<void> {
  if (ffmpeg === undefined)
    throw new UserError(
      'tool-missing',
      `${source}: decoding images needs ffmpeg, which is not on PATH; install it, or use --input synthetic`,
    )
  const scale = `scale=${wanted.width}:${wanted.height}:force_original_aspect_ratio=increase:flags=bicubic,crop=${wanted.width}:${wanted.height}`
  const names = (await effects.list(source)).filter((name) => PICTURE.test(name))
  const isFolder = names.length > 0
  if (!isFolder && !(await effects.exists(source)))
    throw new UserError('not-found', `${source}: no such folder or video; check the path`)
  if (isFolder && names.length < wanted.frames) throw tooFew(source, names.length, wanted.frames)
  const inputs = isFolder
    ? names.slice(0, wanted.frames).flatMap((name) => ['-i', join(source, name)])
    : ['-i', source]
  // Each picture is an input of its own, as their names need not count up: scaled apart, then joined in order.
  const filter = isFolder
    ? `${names
        .slice(0, wanted.frames)
        .map((_, i) => `[${i}:v]${scale},setsar=1[f${i}]`)
        .join(';')};${names
        .slice(0, wanted.frames)
        .map((_, i) => `[f${i}]`)
        .join('')}concat=n=${wanted.frames}:v=1[out]`
    : `[0:v]fps=1,${scale}[out]`
  const { code, output } = await effects.run(
    ffmpeg.path,
    ['-v', 'error', '-y', ...inputs, '-filter_complex', filter, '-map', '[out]'].concat(
      ['-frames:v', String(wanted.frames), '-pix_fmt', 'rgb24', '-f', 'rawvideo'],
      target,
    ),
  )
  if (code !== 0)
    throw new UserError(
      'bad-input',
      `${source}: ffmpeg cannot decode it: ${output.trim().split('\n')[0]!.slice(0, 200) || 'it said nothing'}`,
    )
  const bytes = (await effects.size(target)) ?? 0
  const perFrame = wanted.height * wanted.width * 3
  if (bytes < perFrame * wanted.frames) throw tooFew(source, Math.floor(bytes / perFrame), wanted.frames)
}

const tooFew = (source: string, have: number, want: number): UserError =>
  new UserError(
    'bad-input',
    `${source} has ${have} frames, ${want} were asked for; ask for fewer with --frames`,
  )
