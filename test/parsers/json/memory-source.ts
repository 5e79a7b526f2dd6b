import type { ByteSource } from '../../../parsers/json/source.ts'

/** A source over text in memory that hands out as many bytes at a time as `sizes` says, over and over. */
export function memorySource(text: string | Buffer, sizes: readonly number[] = [1 << 20]): ByteSource {
  const bytes = Buffer.from(text)
  let turn = 0
  const source = {
    name: 'test.json',
    bytesTotal: bytes.length,
    bytesDone: 0,
    read(into: Buffer, at: number, length: number): Promise<number> {
      const size = Math.max(1, sizes[turn++ % sizes.length]!)
      const taken = bytes.copy(into, at, source.bytesDone, source.bytesDone + Math.min(size, length))
      source.bytesDone += taken
      return Promise.resolve(taken)
    },
    close: () => Promise.resolve(),
  }
  return source
}
