import { Worker } from 'node:worker_threads'
import { TidegateError } from '../../errors.ts'
import type { AbilityCheck, Source, StaleChannel } from '../../snapshot/source.ts'
import {
  type Answer,
  receiveError,
  type Request,
  type SourceFacts,
  type SourceOrder,
} from './messages.ts'

type Call = Request extends infer R ? (R extends unknown ? Omit<R, 'id'> : never) : never

/** In the package beside the entry, in a checkout beside this file. */
const SCRIPT = import.meta.url.endsWith('.ts')
  ? new URL('source-thread.ts', import.meta.url)
  : new URL('../source-thread.js', import.meta.url)

/** What a young generation may hold; see `limitYoungGarbage`, which is of the main thread only. */
const YOUNG_MIB = 8

/** A side whose file is read in a thread of its own. */
export interface ThreadSource {
  readonly source: Source
  close(): Promise<void>
}

/** @throws what opening the file throws */
export async function openThreadSource(order: SourceOrder): Promise<ThreadSource> {
  const thread = new SourceThread(order)
  try {
    const facts = (await thread.ask({ call: 'open' })) as SourceFacts
    return { source: sourceOf(facts, thread), close: () => thread.close() }
  } catch (error) {
    await thread.close()
    throw error
  }
}

function sourceOf(facts: SourceFacts, thread: SourceThread): Source {
  return {
    ...facts,
    scope: null,
    snapshot: async (body) => {
      await thread.ask({ call: 'begin' })
      try {
        return await body()
      } finally {
        await thread.ask({ call: 'end' })
      }
    },
    lines: (shape, buckets) =>
      thread.stream<string>({ call: 'lines', shape, buckets: buckets ?? null }),
    staleAbilities: (check) => staleAbilities(thread, check),
    digest: (shape, count) =>
      thread.ask({ call: 'digest', shape, count }) as ReturnType<Source['digest']>,
    size: (table) => thread.ask({ call: 'size', table }) as ReturnType<Source['size']>,
    link: async () => ({ roundTripMs: 0, bandwidth: Number.POSITIVE_INFINITY }),
    traffic: { bytes: 0, roundTrips: 0 },
  }
}

async function* staleAbilities(
  thread: SourceThread,
  { buckets, progress }: AbilityCheck,
): AsyncGenerator<StaleChannel> {
  const batches = thread.stream<StaleChannel>({ call: 'stale', buckets })
  for (;;) {
    const { done, value } = await batches.next()
    if (done === true) {
      progress.rows += (value as { rows: number }).rows
      return
    }
    yield* value
  }
}

interface Waiting {
  readonly batch: (batch: readonly unknown[]) => void
  readonly value: (value: unknown) => void
  readonly error: (error: Error) => void
}

class SourceThread {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #lastId = 0
  #ended: Error | null = null

  constructor(order: SourceOrder) {
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MIB }
    this.#worker = new Worker(SCRIPT, { workerData: order, resourceLimits })
    this.#worker.on('message', (answer: Answer) => this.#take(answer))
    this.#worker.on('error', () => this.#fail())
    this.#worker.on('exit', () => this.#fail())
  }

  ask(call: Call): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.#send(call, { batch: () => undefined, value: resolve, error: reject })
    return promise
  }

  /** Returns what the thread says at the end. */
  async *stream<T>(call: Call): AsyncGenerator<readonly T[], unknown, undefined> {
    const batches: (readonly T[])[] = []
    let wake = () => {}
    let end: { value: unknown } | { error: Error } | null = null
    const finish = (how: NonNullable<typeof end>) => {
      end = how
      wake()
    }
    const id = this.#send(call, {
      batch: (batch) => {
        batches.push(batch as readonly T[])
        wake()
      },
      value: (value) => finish({ value }),
      error: (error) => finish({ error }),
    })
    try {
      for (;;) {
        const batch = batches.shift()
        if (batch !== undefined) {
          this.#worker.postMessage({ id, call: 'more' })
          yield batch
        } else if (end === null) await new Promise<void>((resolve) => (wake = resolve))
        else return resultOf(end)
      }
    } finally {
      if (end === null) this.#worker.postMessage({ id, call: 'leave' })
    }
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  #send(call: Call, waiting: Waiting): number {
    const id = (this.#lastId += 1)
    if (this.#ended !== null) waiting.error(this.#ended)
    else {
      this.#waiting.set(id, waiting)
      this.#worker.postMessage({ id, ...call })
    }
    return id
  }

  #take(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id)
    if (answer.is === 'batch') {
      waiting?.batch(answer.batch)
      return
    }
    this.#waiting.delete(answer.id)
    if (answer.is === 'value') waiting?.value(answer.value)
    else waiting?.error(receiveError(answer.error))
  }

  #fail(): void {
    this.#ended ??= new TidegateError('internal', 'the thread that reads the left side has ended')
    for (const { error } of this.#waiting.values()) error(this.#ended)
    this.#waiting.clear()
  }
}

function resultOf(end: { value: unknown } | { error: Error }): unknown {
  if ('error' in end) throw end.error
  return end.value
}
