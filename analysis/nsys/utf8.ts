/**
 * Text as UTF-8, without the encoder of Node or a browser: analyses know neither. An unpaired surrogate becomes U+FFFD.
 */
export function utf8(text: string): Uint8Array {
  const bytes: number[] = []
  for (const character of text) {
    const raw = character.codePointAt(0)!
    const code = raw >= 0xd800 && raw < 0xe000 ? 0xfffd : raw
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), tail(code))
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), tail(code >> 6), tail(code))
    else bytes.push(0xf0 | (code >> 18), tail(code >> 12), tail(code >> 6), tail(code))
  }
  return Uint8Array.from(bytes)
}

const tail = (code: number): number => 0x80 | (code & 0x3f)
