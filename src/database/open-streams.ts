/** The streams of a snapshot: one that nobody reads to its end must not outlive it. */
export class OpenStreams {
  readonly #streams = new Set<AsyncGenerator>()

  add<T extends AsyncGenerator>(stream: T): T {
    this.#streams.add(stream)
    return stream
  }

  async close(): Promise<void> {
    const streams = [...this.#streams]
    this.#streams.clear()
    for (const stream of streams) await stream.return(undefined).catch(() => undefined)
  }
}
