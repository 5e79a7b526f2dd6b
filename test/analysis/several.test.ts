import { expect, test } from 'vitest'
import { several } from '../../analysis/several.ts'

test('one is one', () => {
  expect([several(1, 'copy', 'copies'), several(1799, 'copy', 'copies'), several(2, 'sync')]).toEqual([
    '1 copy',
    '1,799 copies',
    '2 syncs',
  ])
})
