/** An answer that was none, as one line a person can act on: what, where, what to do. */
export class ClientError extends Error {
  /** The server's own kind, or `unreachable`, or `contract` where page and server speak different versions. */
  readonly kind: string
  readonly status: number

  constructor(kind: string, message: string, status = 0) {
    super(message)
    this.name = 'ClientError'
    this.kind = kind
    this.status = status
  }

  /** Whether asking again cannot help: what was asked for is not there ("no iteration 9", "no run 99"). */
  get isFinal(): boolean {
    return this.status === 400 || this.status === 404
  }
}

/** Whatever was thrown, as a ClientError. */
export function asClientError(thrown: unknown): ClientError {
  if (thrown instanceof ClientError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new ClientError('page', `The page failed: ${message}. Reload it; if it stays, report this line.`)
}
