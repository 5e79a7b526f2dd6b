import type { Response } from 'express'

/** Aborted when whoever asked goes away before the answer is sent: a view that has moved on gives up its tiles. */
export function whileOpen(response: Response): AbortSignal {
  const controller = new AbortController()
  response.on('close', () => {
    if (!response.writableFinished) controller.abort()
  })
  return controller.signal
}
