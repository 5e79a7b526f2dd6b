import { expect, test } from 'vitest'
import { windowChoice, windowTitle } from '../../analysis/window-choice.ts'

const four = { representative: 2, all: { length: 4 } }
const none = { representative: null, all: { length: 0 } }

test('unless something is chosen, numbers are about the representative iteration, else about the capture', () => {
  expect(windowChoice({}, four)).toEqual({ iteration: '2' })
  expect(windowChoice({}, none)).toEqual({})
  expect(windowChoice({ window: 'capture' }, four)).toEqual({})
  expect(windowChoice({ iteration: '0' }, four)).toEqual({ iteration: '0' })
  expect(windowChoice({ phase: 'a/b' }, four)).toEqual({ phase: 'a/b' })
  expect(windowChoice({ fromNs: '5' }, four)).toEqual({ fromNs: '5', toNs: undefined })
})

test('a title says which stretch it is about', () => {
  expect(windowTitle({ iteration: '2' }, four)).toBe('iteration 2 of 0 to 3')
  expect(windowTitle({ phase: 'a/b' }, four)).toBe('phase a/b')
  expect(windowTitle({ fromNs: '5' }, four)).toBe('5 ns to end')
  expect(windowTitle({ toNs: '7' }, four)).toBe('start to 7 ns')
  expect(windowTitle({}, four)).toBe('whole capture')
})
