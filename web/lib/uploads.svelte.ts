/**
 * Files on their way into the store: first their bytes travel (resumable, tus), then the server reads them into rows.
 *
 * One Upload per file, each with its own answer; several run side by side.
 */
import { Upload as Transfer } from 'tus-js-client'
import type { ImportJob } from '../../trace/api.ts'
import { asClientError } from './client-error.ts'
import { client } from './client.ts'

export type UploadState = ImportJob['state']
const OVER: readonly UploadState[] = ['done', 'failed', 'cancelled']
/** How often the server is asked how far it is, while it is at it. */
const POLL_MS = 400

export class Upload {
  readonly name: string
  readonly bytesTotal: number
  bytesDone = $state(0)
  rows = $state(0)
  state = $state<UploadState>('uploading')
  /** What went wrong, where, and what to do. */
  message = $state<string>()
  run = $state<number>()
  /** The same content had been imported before. */
  already = $state(false)
  job: number | undefined
  readonly #transfer: Transfer
  readonly #arrived: () => void

  constructor(file: File, arrived: () => void) {
    this.name = file.name
    this.bytesTotal = file.size
    this.#arrived = arrived
    this.#transfer = new Transfer(file, {
      endpoint: '/api/uploads',
      metadata: { filename: file.name },
      retryDelays: [0, 500, 2000, 5000],
      removeFingerprintOnSuccess: true,
      onProgress: (sent) => (this.bytesDone = sent),
      onAfterResponse: (_, response) => {
        const job = Number(response.getHeader('parallax-job'))
        if (job > 0) this.job = job
      },
      onSuccess: () => {
        this.bytesDone = this.bytesTotal
        if (this.state === 'uploading') this.state = 'waiting'
        this.#arrived()
      },
      onError: (error) => this.#fail(transferError(error, file.name)),
    })
  }

  get over(): boolean {
    return OVER.includes(this.state)
  }

  async start(): Promise<void> {
    if (this.bytesTotal === 0) {
      this.#fail(`${this.name} is empty: there is no trace in it. Export it again.`)
      return
    }
    // Where an earlier attempt of this file broke off, it goes on from there.
    const earlier = await this.#transfer.findPreviousUploads().catch(() => [])
    if (earlier[0]) this.#transfer.resumeFromPreviousUpload(earlier[0])
    this.#transfer.start()
  }

  /** Stops it wherever it is; the server keeps nothing of it. */
  async cancel(): Promise<void> {
    const wasUploading = this.state === 'uploading'
    this.state = 'cancelled'
    try {
      if (wasUploading) await this.#transfer.abort(true)
      if (this.job !== undefined) await client.cancelJob(this.job)
    } catch (thrown) {
      this.message = asClientError(thrown).message
    }
  }

  /** Takes over what the server says of it. */
  follow(job: ImportJob): void {
    if (this.over) return
    this.rows = job.rows
    this.state = job.state
    this.run = job.run ?? undefined
    this.already = job.already
    this.message = job.message ?? undefined
  }

  #fail(message: string): void {
    this.state = 'failed'
    this.message = message
    this.#arrived()
  }
}

export class Uploads {
  list = $state.raw<readonly Upload[]>([])
  readonly active: readonly Upload[] = $derived(this.list.filter((upload) => !upload.over))
  /** Counts up whenever a run has come in: what lists runs reads it and asks again. */
  arrivals = $state(0)
  #polling = false

  add(files: Iterable<File>): void {
    const added = [...files].map((file) => new Upload(file, () => void this.#poll()))
    this.list = [...added, ...this.list]
    for (const upload of added) void upload.start()
  }

  /** Takes what is over off the list. */
  clear(): void {
    this.list = this.list.filter((upload) => !upload.over)
  }

  async #poll(): Promise<void> {
    if (this.#polling) return
    this.#polling = true
    try {
      while (this.list.some(imports)) {
        const jobs = await client.jobs()
        for (const upload of this.list.filter(imports)) {
          const job = jobOf(upload, jobs)
          if (job === undefined) continue
          const before = upload.run
          upload.follow(job)
          if (upload.run !== before) this.arrivals++
        }
        await new Promise((resume) => setTimeout(resume, POLL_MS))
      }
    } catch (thrown) {
      for (const upload of this.list.filter(imports)) {
        upload.state = 'failed'
        upload.message = asClientError(thrown).message
      }
    } finally {
      this.#polling = false
    }
  }
}

const imports = ({ state }: Upload): boolean =>
  state === 'waiting' || state === 'importing' || state === 'summarising'

/** The job of an upload: by the number the server gave it, else the newest of that name. */
function jobOf(upload: Upload, jobs: readonly ImportJob[]): ImportJob | undefined {
  if (upload.job !== undefined) return jobs.find((job) => job.id === upload.job)
  return jobs.filter((job) => job.name === upload.name).sort((a, b) => b.id - a.id)[0]
}

/** tus answers with the request inside the message; the server's own sentence is in its body. */
function transferError(error: unknown, name: string): string {
  const body = (error as { originalResponse?: { getBody(): string } | null }).originalResponse?.getBody()
  try {
    const said = (JSON.parse(body ?? '') as { error?: { message?: string } }).error?.message
    if (said !== undefined) return said
  } catch {
    // Not JSON: the sentence below has to do.
  }
  return `${name} could not be sent to ${location.host}: ${body || 'the connection broke'}. Drop it again to go on where it stopped.`
}

export const uploads = new Uploads()
