import { expect, test } from 'vitest'
import { nodePlace } from '../../../analysis/diff/tokens.ts'

test('a node has one place in every block, and in a loop over frames as in one batch', () => {
  expect(nodePlace('Frame_Attention/frame_blocks.3/attn/qkv')).toBe('attn/qkv')
  expect(nodePlace('Frame_Attention/frame_blocks.11/frames.0/attn/qkv')).toBe('attn/qkv')
})

test('a number that only counts is no part of the place, a layer’s path is', () => {
  expect(nodePlace('Depth_Head/scratch/refinenet4/conv1')).toBe('Depth_Head/scratch/refinenet#/conv#')
  expect(nodePlace('Depth_Head/projects.2/conv')).toBe('conv')
})
