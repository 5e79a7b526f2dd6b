/**
 * Real captures and reference tools, outside the project. Tests that need them skip, saying so, where they are not.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'vitest'
import { findOnPath } from '../cli/tools.ts'

/** Folder of shared test material; undefined where PARALLAX_SHARED is not set. */
export const shared = process.env.PARALLAX_SHARED

export const nsys = findOnPath('nsys')

/** A test over shared material; skipped with the reason in its title where there is none. */
export const sharedTest = (
  title: string,
  body: (folder: string) => void | Promise<void>,
  timeout?: number,
): void => {
  if (shared === undefined || !existsSync(shared))
    test.skip(`${title} (skipped: PARALLAX_SHARED names no folder of shared captures)`, () => {})
  else test(title, () => body(shared), timeout)
}

/** The files with this ending below a folder of the shared traces, sorted. */
export function tracesIn(folder: string, ending: string): string[] {
  if (shared === undefined) return []
  const path = join(shared, 'traces', folder)
  return existsSync(path)
    ? readdirSync(path)
        .filter((name) => name.endsWith(ending))
        .sort()
        .map((name) => join(path, name))
    : []
}

/** Every nsys export at hand. */
export const exports = (): string[] =>
  ['vggt-a40', 'nsys', 'nsys-versions'].flatMap((folder) => tracesIn(folder, '.sqlite'))
