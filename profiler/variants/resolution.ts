/** Another image size. */
import type { Variant, VariantKind } from './variant.ts'

/**
 * `res:HxW`, in pixels. Whether they are whole patches is for the model to check, which knows the patch size.
 */
export const resolution: VariantKind = { pattern: 'res:HxW', example: member(350, 518), parse }

function parse(argument: string | undefined): Variant | undefined {
  const sides = argument?.match(/^(\d+)x(\d+)$/)
  return sides ? member(Number(sides[1]), Number(sides[2])) : undefined
}

function member(height: number, width: number): Variant {
  return {
    id: `res:${height}x${width}`,
    title: `${height}×${width} images`,
    changes: `images are ${height} pixels high and ${width} wide`,
    backends: ['onnx', 'torch'],
    outputs: { incomparable: 'outputs per pixel have another shape' },
    edit: { resolution: { height, width } },
  }
}
