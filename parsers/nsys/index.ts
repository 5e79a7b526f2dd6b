/**
 * Nsight Systems exports: SQLite files of every nsys since 2019. (Reports, .nsys-rep, are in `report.ts`.)
 */
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import type { Format } from '../format.ts'
import { openColumns } from '../sqlite/open.ts'
import { readNsys } from './read.ts'

const MAGIC = 'SQLite format 3\0'

export const nsysSqlite: Format = {
  id: 'nsys-sqlite',
  title: 'Nsight Systems export',
  capture: 'nsys export --type sqlite report.nsys-rep',
  matches: (head) => Buffer.from(head.subarray(0, MAGIC.length)).toString('latin1') === MAGIC,
  async read(path, effects) {
    const { size } = statSync(path)
    const source = openColumns(path)
    try {
      return readNsys(source, basename(path), (rows) =>
        effects.progress?.({ bytesDone: 0, bytesTotal: size, rows }),
      )
    } finally {
      source.close()
    }
  },
}
