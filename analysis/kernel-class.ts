/**
 * What kind of work a device op is, by one table of name patterns. The first line that matches wins; what matches none is
 * "other", never a guess. Names are the demangled ones of CUDA kernels, or operator types of a runtime's nodes.
 */
import { DeviceOpKind } from '../trace/tables.ts'
import { NONE, NONE_U8 } from '../trace/column.ts'
import { derived } from './derived.ts'

/** Owners of busy time, in the order in which they are shown. */
export const BUSY_CLASSES = [
  'attention',
  'gemm',
  'convolution',
  'normalisation',
  'elementwise',
  'layout',
  'reduction',
  'communication',
  'other',
  'memcpy-h2d',
  'memcpy-d2h',
  'memcpy-d2d',
  'memcpy-p2p',
  'memcpy-other',
  'memset',
  'graph',
] as const
export type BusyClass = (typeof BUSY_CLASSES)[number]

/** Those whose kernels multiply matrices. */
export const MATRIX_CLASSES: readonly BusyClass[] = ['attention', 'gemm', 'convolution']

// PyTorch's elementwise_kernel_with_index computes a value from each position (arange, linspace): it moves nothing.
const KERNELS: readonly (readonly [BusyClass, RegExp])[] = [
  ['communication', /^nccl|ncclDevKernel|ncclKernel|all_?reduce|all_?gather|reduce_?scatter|nvshmem|^rccl/i],
  [
    'attention',
    /(?<!reshape_and_cache_)flash|fmha|attention|mha_fwd|mha_bwd|\bsdpa\b|_sdpa_|efficient_attn|cudnn.*sdp|xformers|paged_?attn/i,
  ],
  // Convolutions run as implicit GEMMs: their names say both, and conv decides.
  [
    'convolution',
    /conv(?!ert)|wgrad|dgrad|winograd|im2col|col2im|implicit_gemm|fprop|cudnn::(cnn|ops)::.*(nchw|nhwc)(?!.*batch_?norm)/i,
  ],
  [
    'normalisation',
    /layer_?norm|batch_?norm|bn_fw|bn_bw|group_?norm|rms_?norm|instance_?norm|RowwiseMoments|GammaBeta|welford/i,
  ],
  [
    'gemm',
    /gemm|gemv|cutlass|cublas|xmma|matmul|\bsm\d+_.*(mma|gemm)|splitK|_mma_|Cijk_|nvjet|dot_kernel|\bmm_/i,
  ],
  ['attention', /softmax/i],
  [
    'layout',
    /transpose|permute|CatArray|concat|copy_device_to_device|contiguous|nchwTo|nhwcTo|gather|scatter|(?<!kernel_with_)index|slice|reshape|roll_cuda|flip|direct_copy|pad|unfold|upsample|interpolat|resize|embedding/i,
  ],
  [
    'reduction',
    /reduce|ArgMax|ArgMin|argmax|argmin|cub::.*(Scan|Sort|Histogram|Reduce)|radix_?sort|cumsum|scan|topk|\bsum_|_sum\b|\bmean_|_mean\b|norm_kernel/i,
  ],
  [
    'elementwise',
    /elementwise|vectorized|pointwise|gelu|relu|silu|sigmoid|\btanh|dropout|\badd|\bmul|_add_|_mul_|fill|Memset|binary_|unary_|CUDAFunctor|FillFunctor|triton_poi|rope|rotary|clamp|where_|cast|convert|distribution|random|adam|foreach/i,
  ],
]

/** Operator types of ONNX Runtime's nodes. */
const NODES: readonly (readonly [BusyClass, RegExp])[] = [
  ['attention', /Attention$|^Softmax$/],
  ['convolution', /Conv/],
  ['gemm', /MatMul|Gemm|Einsum|DynamicQuantizeMatMul|MatMulInteger/],
  ['normalisation', /Normalization$|^LpNorm/],
  [
    'layout',
    /^(Concat|Split|Slice|Transpose|Reshape|Gather|Scatter|Expand|Squeeze|Unsqueeze|Pad|Tile|Resize|Upsample|ReorderInput|ReorderOutput|MemcpyToHost|MemcpyFromHost|Identity|Shape|Flatten|ConstantOfShape|Range|NonZero|SpaceToDepth|DepthToSpace)/,
  ],
  ['reduction', /^(Reduce|ArgM|TopK|CumSum|Sum$|Mean$|Max$|Min$)/],
  [
    'elementwise',
    /^(Add|Sub|Mul|Div|Pow|Sqrt|Exp|Log|Erf|Gelu|FastGelu|BiasGelu|QuickGelu|Relu|Sigmoid|Tanh|Silu|Cast|Neg|Abs|Sign|Sin|Cos|Where|Clip|Equal|Less|Greater|And|Or|Not|Floor|Ceil|Round|Dropout|QuantizeLinear|DequantizeLinear|DynamicQuantizeLinear|Fused|Reciprocal)/,
  ],
]

/** The class of a kernel by its name, without its parameters: their types tell what it is given, not what it does. */
export function kernelClass(name: string): BusyClass {
  const called = withoutParameters(name)
  return KERNELS.find(([, p]) => p.test(called))?.[0] ?? 'other'
}

/**
 * A demangled name up to its parameters: "void f<A(int), 2>(B, C)" → "void f<A(int), 2>". Parentheses inside template
 * arguments, and those of "(anonymous namespace)", open no parameters.
 */
function withoutParameters(name: string): string {
  let depth = 0
  for (let i = 0; i < name.length; i++) {
    const letter = name[i]
    if (letter === '<') depth++
    else if (letter === '>') depth--
    else if (letter === '(' && depth === 0 && i > 0 && /[\w>]/.test(name[i - 1]!)) return name.slice(0, i)
  }
  return name
}

/** The class of a runtime's node by its operator type. */
export const nodeClass = (operator: string): BusyClass =>
  NODES.find(([, p]) => p.test(operator))?.[0] ?? 'other'

/** CUPTI copy kinds: 11 and 12 are unified memory's migrations, 13 the same between devices. */
function copyClass(kind: number | undefined): BusyClass {
  if (kind === 1 || kind === 11) return 'memcpy-h2d'
  if (kind === 2 || kind === 12) return 'memcpy-d2h'
  if (kind === 8) return 'memcpy-d2d'
  if (kind === 10 || kind === 13) return 'memcpy-p2p'
  return 'memcpy-other'
}

/** The class of every device op, as an index into BUSY_CLASSES. */
export const classOfOps = derived((trace): Uint8Array => {
  const { kind: kinds, name: names, shortName, copyKind } = trace.device_op
  const classes = new Uint8Array(kinds.length)
  // Names are few: each is judged once, as a kernel's and as a node's operator.
  const byName = new Uint8Array(trace.strings.length).fill(NONE_U8)
  const byType = new Uint8Array(trace.strings.length).fill(NONE_U8)
  for (let op = 0; op < kinds.length; op++) {
    const kind = kinds[op]!
    if (kind === DeviceOpKind.kernel) {
      const name = names[op]!
      if (byName[name] === NONE_U8) byName[name] = BUSY_CLASSES.indexOf(kernelClass(trace.strings[name]!))
      classes[op] = byName[name]!
    } else if (kind === DeviceOpKind.node) {
      const type = shortName?.[op] ?? NONE
      if (type !== NONE && byType[type] === NONE_U8)
        byType[type] = BUSY_CLASSES.indexOf(nodeClass(trace.strings[type]!))
      classes[op] = type === NONE ? UNTYPED : byType[type]!
    } else if (kind === DeviceOpKind.graph) classes[op] = GRAPH
    else if (kind === DeviceOpKind.set) classes[op] = SET
    else {
      const copy = copyKind?.[op]
      classes[op] = BUSY_CLASSES.indexOf(copyClass(copy === NONE_U8 ? undefined : copy))
    }
  }
  return classes
})

const GRAPH = BUSY_CLASSES.indexOf('graph')
const SET = BUSY_CLASSES.indexOf('memset')
const UNTYPED = BUSY_CLASSES.indexOf(nodeClass(''))
