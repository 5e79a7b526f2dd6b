/** float32 ↔ float16 (IEEE 754 binary16) and bfloat16, by their bits. */
const floatView = new Float32Array(1)
const bitsView = new Uint32Array(floatView.buffer)

/** Nearest, ties to even; too large becomes infinity; subnormals are kept. */
export function toHalf(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length)
  for (let index = 0; index < values.length; index++) halves[index] = halfOf(values[index]!)
  return halves
}

function halfOf(value: number): number {
  floatView[0] = value
  const bits = bitsView[0]!
  const sign = (bits >>> 16) & 0x8000
  const magnitude = bits & 0x7fffffff
  if (magnitude > 0x7f800000) return sign | 0x7e00
  // 65520 is the first value that rounds past the largest half, 65504.
  if (magnitude >= 0x477ff000) return sign | 0x7c00
  if (magnitude < 0x38800000) {
    // Subnormal: the step is 2^-24. Adding 0.5 to the value leaves its rounded multiple in the low mantissa bits.
    floatView[0] = Math.abs(value) + 0.5
    return sign | (bitsView[0]! - 0x3f000000)
  }
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1)
  return sign | ((rounded - 0x38000000) >>> 13)
}

export function fromHalf(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length)
  for (let index = 0; index < halves.length; index++) values[index] = valueOf(halves[index]!)
  return values
}

function valueOf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >>> 10) & 0x1f
  const mantissa = half & 0x3ff
  if (exponent === 0) return sign * mantissa * 2 ** -24
  if (exponent === 31) return mantissa ? NaN : sign * Infinity
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15)
}

/** bfloat16 is the upper half of a float32. */
export function fromBrain(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length)
  for (let index = 0; index < halves.length; index++) bits[index] = halves[index]! << 16
  return new Float32Array(bits.buffer)
}
