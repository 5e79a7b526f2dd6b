/**
 * Lanes of devices, as events name them: (place, device, context, stream). They become rows of `stream` once it is known
 * which process works on each.
 */
export interface Lane {
  place: number
  device: number
  context: number
  stream: number
}

export class Lanes {
  readonly all: Lane[] = []
  readonly #byKey = new Map<string, number>()
  #last = -1

  /** The number of a lane: 0, 1, 2 … in order of first appearance. */
  of(place: number, device: number, context: number, stream: number): number {
    if (this.#last >= 0) {
      const last = this.all[this.#last]!
      if (
        last.place === place &&
        last.device === device &&
        last.context === context &&
        last.stream === stream
      )
        return this.#last
    }
    const key = `${place} ${device} ${context} ${stream}`
    let lane = this.#byKey.get(key)
    if (lane === undefined) {
      lane = this.all.push({ place, device, context, stream }) - 1
      this.#byKey.set(key, lane)
    }
    this.#last = lane
    return lane
  }
}
