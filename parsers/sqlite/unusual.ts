/**
 * Thrown by the page reader when something is not as it expects: SQLite then reads the table instead.
 *
 * It never reaches a person as an error, only as a sentence in `ColumnSource.why`.
 */
export class Unusual extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'Unusual'
  }
}
