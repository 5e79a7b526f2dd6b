import { expect, it } from 'vitest'
import { sectionsOf, stretchesOf } from '../../../parsers/onnxruntime/sections.ts'

it.each([
  ['Frame_Attention/frame_blocks.3/attn/qkv/MatMul', ['Frame_Attention', 'frame_blocks.3']],
  ['Frame_Attention/frame_blocks.3/ls1', ['Frame_Attention', 'frame_blocks.3']],
  ['Patch_Embedding/vit/blocks.0/attn/qkv/MatMulAddFusion', ['Patch_Embedding', 'vit', 'blocks.0']],
  ['Camera_Head/round.3/trunk.0/norm1', ['Camera_Head', 'round.3', 'trunk.0']],
  ['Depth_Head/fusion.1', ['Depth_Head']],
  ['/conv1/Conv', ['conv1']],
  ['/layer1/layer1.0/conv1/Conv', ['layer1', 'layer1.0']],
  ['ReorderOutput_token_4', []],
  ['/Relu', []],
  ['', []],
])('the sections of %s are %j', (name, sections) => expect(sectionsOf(name)).toEqual(sections))

it('a stretch goes on over nodes that tell nothing, and an inner one ends with its own last node', () => {
  const names = ['A/b.0/x', 'nameless', 'A/b.0/y', 'A/z', 'nameless', 'A/b.1/x', 'nameless', 'C/x']
  const { stretches, innermost } = stretchesOf(names.map((name) => ({ sections: sectionsOf(name), key: 0 })))
  expect(stretches).toEqual([
    { name: 'A', parent: undefined, first: 0, last: 5 },
    { name: 'b.0', parent: 0, first: 0, last: 2 },
    { name: 'b.1', parent: 0, first: 5, last: 5 },
    { name: 'C', parent: undefined, first: 7, last: 7 },
  ])
  expect(innermost).toEqual([1, 1, 1, 0, 0, 2, undefined, 3])
})

it('the same section in another run is another stretch', () => {
  const { stretches } = stretchesOf([0, 0, 1].map((key) => ({ sections: ['A'], key })))
  expect(stretches.map(({ first, last }) => [first, last])).toEqual([
    [0, 1],
    [2, 2],
  ])
})
