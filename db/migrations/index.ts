/** Migrations in order. One is never edited once released: a change is a new file and a new line. */
import { sql as runs } from './001-runs.ts'
import { sql as overview } from './002-overview.ts'
import { sql as noiseFloors } from './003-noise-floors.ts'

export const migrations: readonly string[] = [runs, overview, noiseFloors]
