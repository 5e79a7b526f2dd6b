/**
 * SQLite's variable-length integers: 1 to 9 bytes, most significant first.
 *
 *   1xxxxxxx 1xxxxxxx 0xxxxxxx        seven bits a byte, the top bit says "more"; the ninth byte gives all eight
 *   0x81 0x00 = 128 · 0xff × 9 = −1 (as a 64-bit integer)
 */

/** Where the last varint read by `varintAt` ended: one return value would cost an allocation. */
export let varintEnd = 0

/** The varint at `at`, as a double: exact while its magnitude is at most 2^53, else the nearest. */
export function varintAt(bytes: Uint8Array, at: number): number {
  let high = 0
  let low = 0
  for (let i = 0; i < 8; i++) {
    const byte = bytes[at + i]!
    // Shift the 64-bit (high, low) left by 7.
    high = (high << 7) | (low >>> 25)
    low = ((low << 7) | (byte & 0x7f)) >>> 0
    if (byte < 0x80) {
      varintEnd = at + i + 1
      return high * 0x100000000 + low
    }
  }
  high = (high << 8) | (low >>> 24)
  low = ((low << 8) | bytes[at + 8]!) >>> 0
  varintEnd = at + 9
  return high * 0x100000000 + low
}
