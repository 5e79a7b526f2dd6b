import { expect, test } from 'vitest'
import { copyFacts, setMemoryKind } from '../../../parsers/kineto/copies.ts'
import { baseName } from '../../../parsers/kineto/kernel-name.ts'

test.each([
  ['Kernel', 'Kernel'],
  ['sm90_xmma_gemm_bf16_tn_n', 'sm90_xmma_gemm_bf16_tn_n'],
  ['void gemm<4>(float*)', 'gemm'],
  ['void at::native::(anonymous namespace)::Cat<at::Tag<4u>, (lambda)2>(int, char*)', 'Cat'],
  [
    'ncclDevKernel_AllReduce_Sum_f32_RING_LL(ncclDevKernelArgsStorage<4096ul>)',
    'ncclDevKernel_AllReduce_Sum_f32_RING_LL',
  ],
  ['std::enable_if<!(false), void>::type internal::gemvx::kernel<int, int>(P<T>)', 'kernel'],
  ['void f<at::op::{lambda(int)#1}>(int, at::op::{lambda(int)#1})', 'f'],
  [
    'at::native::foo::operator()(int) const::{lambda(float)#2}',
    'at::native::foo::operator()(int) const::{lambda(float)#2}',
  ],
])('the base name of %s is %s', (name, base) => {
  expect(baseName(name)).toBe(base)
})

test.each([
  ['Memcpy HtoD (Pageable -> Device)', { kind: 1, from: 0, to: 2, name: '[CUDA memcpy Host-to-Device]' }],
  ['Memcpy DtoH (Device -> Pinned)', { kind: 2, from: 2, to: 1, name: '[CUDA memcpy Device-to-Host]' }],
  [
    'Memcpy DtoD (Managed -> Device Static)',
    { kind: 8, from: 4, to: 5, name: '[CUDA memcpy Device-to-Device]' },
  ],
  ['Memcpy HtoD (Host -> Device)', { kind: 1, from: 255, to: 2, name: '[CUDA memcpy Host-to-Device]' }],
  [
    'Memcpy M2D (MEMORY(Unknown) -> DEVICE)',
    { kind: 1, from: 255, to: 2, name: '[CUDA memcpy Host-to-Device]' },
  ],
  // libkineto of 2020 wrote it so.
  ['Memcpy HtoD (Pagable -> Device)', { kind: 1, from: 0, to: 2, name: '[CUDA memcpy Host-to-Device]' }],
  ['Memcpy D2H (DEVICE -> HOST)', { kind: 2, from: 2, to: 1, name: '[CUDA memcpy Device-to-Host]' }],
  ['Memcpy D2S (DEVICE -> SHARED)', { kind: 255, from: 2, to: 4, name: 'Memcpy D2S (DEVICE -> SHARED)' }],
  ['Memcpy DtoD', { kind: 8, from: 255, to: 255, name: '[CUDA memcpy Device-to-Device]' }],
  ['CopyDeviceToHost', { kind: 2, from: 255, to: 255, name: '[CUDA memcpy Device-to-Host]' }],
  [
    'Memcpy Sideways (Here -> There)',
    { kind: 255, from: 255, to: 255, name: 'Memcpy Sideways (Here -> There)' },
  ],
])('%s tells its kind and memories', (name, facts) => {
  expect(copyFacts(name)).toEqual(facts)
})

test('a set tells its memory', () => {
  expect(setMemoryKind('Memset (Pinned)')).toBe(1)
  expect(setMemoryKind('Memset (Unheard of)')).toBe(255)
  expect(setMemoryKind('FillBuffer')).toBe(255)
})
