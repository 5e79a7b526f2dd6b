/** How a file of this program is started as a process of its own, from the sources and from the build alike. */
import { fileURLToPath } from 'node:url'

/**
 * The command for the module `name` (without extension) beside the caller: `node --import tsx x.ts` where the caller runs
 * from TypeScript, `node x.js` where it was built.
 *
 *   nodeCommand('./capture-child', import.meta.url)
 */
export function nodeCommand(name: string, callerUrl: string, node: string = process.execPath): string[] {
  const isSource = callerUrl.endsWith('.ts')
  const file = fileURLToPath(new URL(`${name}.${isSource ? 'ts' : 'js'}`, callerUrl))
  // The loader by its full address: the child may start in any folder.
  return isSource ? [node, '--import', import.meta.resolve('tsx'), file] : [node, file]
}
