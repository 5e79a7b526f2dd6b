/** How an owner of time fills a shape: its colour, or the hatch of its cause (parts/HatchPatterns.svelte). */
import { ownerLook } from '../../draw/palette.ts'

export function ownerFill(owner: string): string {
  const look = ownerLook(owner)
  return look.kind === 'busy' ? `var(--owner-${look.name})` : `url(#hatch-${look.name})`
}
