/**
 * What each number means, from the project's own page `docs/definitions.md`: one heading per number, its key in code
 * style, then prose and "Name: text" lines. A column or a figure names its key and the page shows the section.
 */
import source from '../../docs/definitions.md?raw'
import { definitionsOf } from './definition-text.ts'
import type { Definition } from './definition-text.ts'

export const definitions: ReadonlyMap<string, Definition> = definitionsOf(source)
