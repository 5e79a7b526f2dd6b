import { describe, expect, test } from 'vitest'
import { BUSY_CLASSES, classOfOps, kernelClass, nodeClass } from '../../analysis/kernel-class.ts'
import type { BusyClass } from '../../analysis/kernel-class.ts'
import { drawn } from '../drawn-trace.ts'

/** Names as compilers and libraries write them, shortened. */
const KERNELS: readonly (readonly [BusyClass, string])[] = [
  ['communication', 'ncclDevKernel_AllReduce_Sum_bf16_RING_LL(ncclDevKernelArgsStorage<4096>)'],
  ['communication', 'void all_gather_kernel<float>(float*, int)'],
  [
    'attention',
    'void pytorch_flash::flash_fwd_kernel<Flash_fwd_kernel_traits<64, 128, 128, 4>>(Flash_fwd_params)',
  ],
  ['attention', 'fmha_cutlassF_f32_aligned_64x64_rf_sm80(PyTorchMemEffAttention::AttentionKernel::Params)'],
  [
    'attention',
    'void (anonymous namespace)::softmax_warp_forward<float, float, float, 10>(float*, float const*)',
  ],
  ['convolution', 'sm80_xmma_fprop_implicit_gemm_tf32f32_tf32f32_f32_nhwckrsc_nhwc_tilesize128x128x16'],
  ['convolution', 'void cudnn::winograd_nonfused::winogradForwardData4x4<float, float>(Params)'],
  ['normalisation', 'void at::native::vectorized_layer_norm_kernel<float, float>(int, float, float const*)'],
  ['normalisation', 'void at::native::RowwiseMomentsCUDAKernel<float>(long, float, float const*)'],
  ['normalisation', 'void cudnn::bn_fw_inf_1C11_kernel_NCHW<float, float, true, 1>(float)'],
  ['gemm', 'ampere_bf16_s16816gemm_bf16_128x256_ldg8_f2f_stages_64x3_tn'],
  ['gemm', 'void cutlass::Kernel2<cutlass_80_tensorop_bf16_s16816gemm_relu_bf16>(Params)'],
  ['gemm', 'nvjet_tst_256x128_64x4_1x2_h_bz_TNT'],
  ['gemm', 'void gemv2T_kernel_val<int, int, float, float, float, float, 128, 16, 4>(Params)'],
  [
    'layout',
    'void at::native::(anonymous namespace)::CatArrayBatchedCopy<float, unsigned int, 3, 64, 64>(float*)',
  ],
  [
    'layout',
    'void at::native::elementwise_kernel<128, 4, at::native::direct_copy_kernel_cuda(TensorIteratorBase&)>',
  ],
  ['layout', 'void at::native::index_elementwise_kernel<128, 4, at::native::gpu_index_kernel>(int)'],
  ['layout', 'void at::native::upsample_bilinear2d_out_frame<float, float>(int, float, float)'],
  [
    'reduction',
    'void at::native::reduce_kernel<512, 1, at::native::ReduceOp<float, at::native::MaxOps<float>>>(R)',
  ],
  ['reduction', 'void cub::DeviceScanKernel<cub::DeviceScanPolicy<int>, int const*, int*>(int const*)'],
  ['elementwise', 'void at::native::vectorized_elementwise_kernel<4, at::native::GeluCUDAKernelImpl>(int)'],
  [
    'elementwise',
    'void at::native::elementwise_kernel<128, 2, at::native::BinaryFunctor<float, float, float>>(int)',
  ],
  ['elementwise', 'void (anonymous namespace)::elementwise_kernel_with_index<int, arange_cuda_out>(int, T)'],
  ['elementwise', 'triton_poi_fused_add_mul_0'],
  // What a kernel is given tells nothing of what it does.
  [
    'other',
    'void tcnn::kernel_grid<__half, 3u>(unsigned int, tcnn::GridOffsetTable, tcnn::InterpolationType)',
  ],
  [
    'layout',
    'void nhwcToFoldedNhwcKernel<float, float, (cudnnKernelDataType_t)2>(int, cudnn::reduced_divisor)',
  ],
  ['layout', 'void vllm::reshape_and_cache_flash_kernel<float, float>(float const*, float*, long)'],
  ['elementwise', 'void (anonymous namespace)::clamp_all<decltype(f(1))>(at::reduce_t)'],
  ['other', 'my_own_kernel(float*)'],
  ['other', ''],
]

describe('the class of a kernel', () => {
  test.each(KERNELS)('%s: %s', (name, kernel) => {
    expect(kernelClass(kernel)).toBe(name)
  })

  test('every class of kernels stands in the table', () => {
    const inTable = new Set(KERNELS.map(([name]) => name))
    expect(
      BUSY_CLASSES.slice(0, BUSY_CLASSES.indexOf('other') + 1).filter((name) => !inTable.has(name)),
    ).toEqual([])
  })
})

test.each([
  ['attention', 'MultiHeadAttention'],
  ['convolution', 'FusedConv'],
  ['gemm', 'MatMulInteger'],
  ['normalisation', 'SkipLayerNormalization'],
  ['layout', 'Transpose'],
  ['reduction', 'ReduceMean'],
  ['elementwise', 'FastGelu'],
  ['other', 'Loop'],
])('the class of a runtime’s node: %s for %s', (name, operator) => {
  expect(nodeClass(operator)).toBe(name)
})

test('copies go by their kind, sets and whole graphs by what they are', () => {
  const trace = drawn(`
    copy0   CC..DD..EE..FF..GG
    set0    ....................SS
    graph0  ......................HH
    gpu0    ........................KK`)
  const { device_op: ops } = trace
  // 1 host to device, 2 to host, 8 inside the device, 10 peer to peer, 255 not recorded.
  const copyKind = Uint8Array.of(1, 2, 8, 10, 255, 255, 255, 255)
  const classes = classOfOps({ ...trace, device_op: { ...ops, copyKind } })
  expect(Array.from(classes, (index) => BUSY_CLASSES[index])).toEqual([
    'memcpy-h2d',
    'memcpy-d2h',
    'memcpy-d2d',
    'memcpy-p2p',
    'memcpy-other',
    'memset',
    'graph',
    'other',
  ])
})
