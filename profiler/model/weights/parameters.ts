/**
 * The parameters a graph asks for while it is built, and the initializers they become.
 *
 * Nothing is read while graphs are built; each initializer reads its tensor when it is written, brings it
 * into the form the operator wants, and lets it go.
 */
import type { Scope } from '../onnx/graph.ts'
import type { ElementType, Tensor } from '../onnx/tensor.ts'
import { bytesOf, sizeOf } from '../onnx/tensor.ts'
import { toHalf } from './half.ts'
import type { WeightRequest, Weights } from './weights.ts'

/** A tensor of the state dict in another form: transposed, resized, quantised. */
export interface Derived {
  /** Names the form; two requests of one name and form are one initializer. */
  readonly form: string
  readonly type?: ElementType
  readonly shape: readonly number[]
  readonly make: (values: Float32Array) => Float32Array | Uint8Array
}

export class Parameters {
  private readonly weights: Weights
  private readonly requests = new Map<string, WeightRequest>()

  constructor(weights: Weights) {
    this.weights = weights
  }

  /** The tensor as it is in the state dict. */
  plain(s: Scope, request: WeightRequest): Tensor {
    return this.derived(s, request, { form: '', shape: request.shape, make: (values) => values })
  }

  derived(s: Scope, request: WeightRequest, { form, type = 'float', shape, make }: Derived): Tensor {
    this.ask(request)
    const half = type === 'float16' ? '.half' : ''
    return s.graph.initializer({
      name: `${request.name}${form}${half}`,
      type,
      shape,
      bytes: async () => {
        const made = make(await this.weights.read(request))
        return bytesOf(type === 'float16' && made instanceof Float32Array ? toHalf(made) : made)
      },
    })
  }

  /** A constant made of several tensors: special tokens laid out for every frame, say. */
  combined(
    s: Scope,
    name: string,
    requests: readonly WeightRequest[],
    shape: readonly number[],
    make: (values: readonly Float32Array[]) => Float32Array,
  ): Tensor {
    for (const request of requests) this.ask(request)
    return s.graph.initializer({
      name,
      type: 'float',
      shape,
      bytes: async () => {
        const values = []
        for (const request of requests) values.push(await this.weights.read(request))
        return bytesOf(make(values))
      },
    })
  }

  /** Everything asked for so far, each tensor once. */
  all(): readonly WeightRequest[] {
    return [...this.requests.values()]
  }

  count(): number {
    return this.all().reduce((sum, request) => sum + sizeOf(request.shape), 0)
  }

  private ask(request: WeightRequest): void {
    const known = this.requests.get(request.name)
    if (known && known.shape.join() !== request.shape.join()) {
      throw new Error(`${request.name} asked for as ${known.shape.join('x')} and ${request.shape.join('x')}`)
    }
    this.requests.set(request.name, request)
  }
}
