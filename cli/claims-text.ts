/** What `claims` says on a terminal. */
import type { JudgedClaim, JudgedClaims } from '../analysis/claims/judge-claims.ts'
import { formatValue } from '../trace/number-format.ts'

export function claimsText({ title, claims }: JudgedClaims, base: string, candidate: string): string {
  return [
    `${title ?? 'Claims'} — base ${base}, candidate ${candidate}`,
    ...claims.map((claim) => linesOf(claim).join('\n')),
  ].join('\n\n')
}

function linesOf(claim: JudgedClaim): string[] {
  const lines = [`${claim.verdict.toUpperCase()}  ${claim.text}`]
  const value = (one: number): string => formatValue(one, claim.unit ?? undefined)
  if (claim.measured !== null && claim.range !== null)
    lines.push(
      `  claimed ${claim.claimed}, measured ${value(claim.measured)} (${value(claim.range[0])} to ${value(claim.range[1])})`,
    )
  if (claim.definition !== null) lines.push(`  ${claim.metric}: ${claim.definition}`)
  if (claim.missing !== null) lines.push(`  claimed ${claim.claimed}; missing: ${claim.missing}`)
  if (claim.plausibility !== null)
    lines.push(`  ${claim.plausibility.impossible ? 'Impossible' : 'Possible'}: ${claim.plausibility.text}`)
  if (claim.workload.length > 0)
    lines.push(
      `  The measured workload is another: ${claim.workload.map((one) => `${one.what} ${one.claimed}, measured ${one.measured}`).join('; ')}`,
    )
  return lines
}
