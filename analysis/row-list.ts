/** A growing list of rows. */
export class RowList {
  rows: Uint32Array
  length = 0

  /** With room for some. Room that is not written costs nothing. */
  constructor(room = 64) {
    this.rows = new Uint32Array(room)
  }

  add(row: number): void {
    if (this.length === this.rows.length) {
      const larger = new Uint32Array(4 * Math.max(this.length, 16))
      larger.set(this.rows)
      this.rows = larger
    }
    this.rows[this.length++] = row
  }

  /** What was added. */
  finish(): Uint32Array {
    return this.rows.subarray(0, this.length)
  }
}
