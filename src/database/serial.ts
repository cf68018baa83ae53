/** Runs tasks one after the other, in the order of the calls, whatever becomes of each. */
export class Serial {
  #tail: Promise<unknown> = Promise.resolve()
  #unfinished = 0

  /** Whether nothing runs or waits. */
  get idle(): boolean {
    return this.#unfinished === 0
  }

  /** Waits for its turn. @returns what ends it. */
  hold(): Promise<() => void> {
    const turn = Promise.withResolvers<() => void>()
    void this.run(() => {
      const end = Promise.withResolvers<void>()
      turn.resolve(end.resolve)
      return end.promise
    })
    return turn.promise
  }

  run<T>(task: () => Promise<T>): Promise<T> {
    this.#unfinished += 1
    const result = this.#tail.then(task).finally(() => {
      this.#unfinished -= 1
    })
    this.#tail = result.catch(() => undefined)
    return result
  }
}
