/**
 * /api/uploads: resumable uploads (tus 1.0). A finished upload becomes an import job.
 */
import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { FileStore } from '@tus/file-store'
import { Server } from '@tus/server'
import type { Jobs } from '../../db/jobs.ts'
import type { ImportQueue } from '../import-queue.ts'

/** Uploads beyond this are refused: 256 GiB. */
const LARGEST = 256 * 2 ** 30

export function uploadServer(options: { folder: string; jobs: Jobs; queue: ImportQueue }): Server {
  const { folder, jobs, queue } = options
  return new Server({
    path: '/api/uploads',
    datastore: new FileStore({ directory: folder }),
    maxSize: LARGEST,
    relativeLocation: true,
    async onUploadFinish(_request, upload) {
      const received = join(folder, upload.id)
      const name = basename(upload.metadata?.filename ?? '') || 'upload'
      const job = jobs.add(name, 'waiting', statSync(received).size)
      // Under its own name, so that what a reader says of it names what the person uploaded.
      const path = join(folder, `job-${job.id}`, name)
      mkdirSync(dirname(path), { recursive: true })
      renameSync(received, path)
      rmSync(`${received}.json`, { force: true })
      queue.add(job.id, path, name)
      return { headers: { 'Parallax-Job': String(job.id) } }
    },
  })
}
