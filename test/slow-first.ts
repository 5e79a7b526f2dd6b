import { readFileSync } from 'node:fs'
import { BaseSequencer } from 'vitest/node'
import type { TestSpecification } from 'vitest/node'

/**
 * Files that read other people's captures, or drive a browser, take the longest, however short they are: they go first, so
 * that none of them is left over for one worker alone at the end.
 */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isSlow = new Map(sorted.map((file) => [file, SLOW.test(readFileSync(file.moduleId, 'utf8'))]))
    return sorted.toSorted((a, b) => Number(isSlow.get(b)) - Number(isSlow.get(a)))
  }
}

const SLOW = /PARALLAX_SHARED|from '[^']*\/(shared|browser)\.ts'/
