/** What a graph asks of its weights, and the promise to bring them one at a time. */

/** How a random weight of this kind is drawn (see `random.ts`). Files of trained weights ignore it. */
export type WeightKind =
  | { readonly kind: 'linear'; readonly fanIn: number }
  /** The last layer before an exponential: drawn smaller, so that depths stay readable. */
  | { readonly kind: 'head'; readonly fanIn: number }
  | { readonly kind: 'bias' | 'norm' | 'layer-scale' | 'token' }

/** One tensor of the state dict, by its official name and its shape for the config at hand. */
export interface WeightRequest {
  readonly name: string
  readonly shape: readonly number[]
  readonly kind: WeightKind
}

export interface Weights {
  /** Throws a UserError, before anything is written, if a tensor is missing or has another shape. */
  check(requests: readonly WeightRequest[]): Promise<void>
  /** One tensor's values, row-major, as float; nothing of it is kept. */
  read(request: WeightRequest): Promise<Float32Array>
  close(): Promise<void>
}
