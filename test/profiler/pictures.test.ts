import { expect, it } from 'vitest'
import { decodePictures } from '../../profiler/input/pictures.ts'
import type { Effects } from '../../profiler/effects.ts'
import { UserError } from '../../trace/errors.ts'

const ffmpeg = { path: '/bin/ffmpeg', version: '7' }
const wanted = { frames: 2, height: 28, width: 42 }
const unused = (): never => {
  throw new Error('not part of this test')
}

function world(names: string[], written: number, code = 0): { effects: Effects; commands: string[][] } {
  const commands: string[][] = []
  const effects: Effects = {
    run: (command, args) => {
      commands.push([command, ...args])
      return Promise.resolve({ code, signal: null, output: code === 0 ? '' : 'x.jpg: Invalid data found' })
    },
    exists: (path) => Promise.resolve(path === 'clip.mp4'),
    size: () => Promise.resolve(written),
    list: () => Promise.resolve(names),
    readText: unused,
    writeText: unused,
    writeBytes: unused,
    makeFolder: unused,
    move: unused,
    remove: unused,
    now: () => 0,
  }
  return { effects, commands }
}
const messageOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(unused, (error: unknown) => {
    expect(error).toBeInstanceOf(UserError)
    return (error as UserError).message
  })
const ALL = 2 * 28 * 42 * 3

it('takes the first pictures of a folder by name, scaled to cover and cut', async () => {
  const { effects, commands } = world(['a.jpg', 'b.PNG', 'c.jpg', 'notes.txt'], ALL)
  await decodePictures('photos', 'out.rgb', wanted, ffmpeg, effects)
  const [command] = commands
  expect(command!.filter((_, i) => command![i - 1] === '-i')).toEqual(['photos/a.jpg', 'photos/b.PNG'])
  expect(command!.join(' ')).toContain(
    'scale=42:28:force_original_aspect_ratio=increase:flags=bicubic,crop=42:28',
  )
  expect(command!.slice(-2)).toEqual(['rawvideo', 'out.rgb'])
})

it('takes one frame a second of a video', async () => {
  const { effects, commands } = world([], ALL)
  await decodePictures('clip.mp4', 'out.rgb', wanted, ffmpeg, effects)
  expect(commands[0]!.join(' ')).toContain('[0:v]fps=1,scale=42:28')
})

it.each([
  ['a folder with too few pictures', ['a.jpg'], ALL, 'photos has 1 frames, 2 were asked for'],
  ['a video that is too short', [], ALL / 2, 'clip.mp4 has 1 frames, 2 were asked for'],
])('refuses %s', async (_, names, written, message) => {
  const { effects } = world(names, written)
  const source = names.length > 0 ? 'photos' : 'clip.mp4'
  expect(await messageOf(decodePictures(source, 'out.rgb', wanted, ffmpeg, effects))).toContain(message)
})

it('says what is wrong with a picture that does not decode, a path that is not there, a missing ffmpeg', async () => {
  const broken = world(['a.jpg', 'b.jpg'], 0, 1)
  expect(await messageOf(decodePictures('photos', 'o', wanted, ffmpeg, broken.effects))).toContain(
    'Invalid data found',
  )
  const nothing = world([], 0)
  expect(await messageOf(decodePictures('nowhere', 'o', wanted, ffmpeg, nothing.effects))).toContain(
    'no such folder or video',
  )
  expect(await messageOf(decodePictures('photos', 'o', wanted, undefined, nothing.effects))).toContain(
    'needs ffmpeg',
  )
})
