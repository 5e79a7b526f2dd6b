/**
 * What is wrong with a JSON text, and where. Scanners throw it with a place in their window; the document reader, which
 * knows the window's place in the file, turns it into a UserError.
 */
export class JsonFault extends Error {
  /** Index in the bytes that were scanned; undefined where no single place is to blame. */
  readonly at: number | undefined
  readonly advice: string

  /** `message` goes on after the file's name: "is cut short". */
  constructor(message: string, at: number | undefined, advice = 'copy or export it again') {
    super(message)
    this.at = at
    this.advice = advice
  }
}

/** Says what was found in place of what was expected. */
export function unexpected(bytes: Uint8Array, at: number, expected: string): JsonFault {
  const byte = bytes[at]!
  const found =
    byte > 32 && byte < 127
      ? `'${String.fromCharCode(byte)}'`
      : `byte 0x${byte.toString(16).padStart(2, '0')}`
  return new JsonFault(`is damaged: ${found} where ${expected} should be`, at)
}
