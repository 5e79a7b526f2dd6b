/** "not recorded: capture with …" under a heading that says "not recorded" already: "Capture with …". */
export function reasonOf(reason: string | null): string {
  const text = (reason ?? '').replace(/^not recorded: /, '')
  return text.charAt(0).toUpperCase() + text.slice(1) + (text.endsWith('.') || text === '' ? '' : '.')
}
