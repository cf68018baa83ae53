import type { LineStream } from '../snapshot/line.ts'
import { compareKeys, type KeyKind } from './key-order.ts'

/** A stream whose keys descend: whatever else it says cannot be trusted. */
export class UnorderedStreamError extends Error {
  override readonly name = 'UnorderedStreamError'
  readonly side: 'from' | 'to'

  constructor(side: 'from' | 'to') {
    super(
      `the rows of the ${side === 'from' ? 'left' : 'right'} side are not in the order of their key`,
    )
    this.side = side
  }
}

export interface RowCounts {
  from: number
  to: number
}

/** All lines of one side that share a key. */
export type LineGroup = readonly string[]

interface SideInput {
  readonly keys: readonly KeyKind[]
  readonly counts: RowCounts
}

/** One stream, read group by group with the batch that it came in. */
export class StreamSide {
  readonly #side: 'from' | 'to'
  readonly #batches: AsyncIterator<readonly string[]>
  readonly #input: SideInput
  /** Lines from `#index` on are still to be taken; those before `#end` are known to share a key. */
  #lines: string[] = []
  #index = 0
  #end = 0
  #isRead = false

  constructor(side: 'from' | 'to', stream: LineStream, input: SideInput) {
    this.#side = side
    this.#batches = stream[Symbol.asyncIterator]()
    this.#input = input
  }

  get isOver(): boolean {
    return this.#isRead && this.#index === this.#lines.length
  }

  /** Whether all lines of the next key, if there is one, have been read. */
  hasGroup(): boolean {
    const first = this.#lines[this.#index]
    if (first === undefined) return this.#isRead
    this.#end = Math.max(this.#end, this.#index + 1)
    for (; this.#end < this.#lines.length; this.#end++) {
      const order = compareKeys(first, this.#lines[this.#end]!, this.#input.keys)
      if (order > 0) throw new UnorderedStreamError(this.#side)
      if (order < 0) return true
    }
    return this.#isRead
  }

  /** Reads one more batch unless the group is complete. */
  async load(): Promise<void> {
    if (this.hasGroup()) return
    const { done, value } = await this.#batches.next()
    this.#isRead = done === true
    if (done === true) return
    if (this.#index > 0) this.#forget()
    for (const line of value) this.#lines.push(line)
    this.#input.counts[this.#side] += value.length
  }

  /** Passes rows that both sides have, as long as their batches last. */
  skipEqual(other: StreamSide): void {
    const [lines, others] = [this.#lines, other.#lines]
    let [index, at] = [this.#index, other.#index]
    while (index + 1 < lines.length && at + 1 < others.length) {
      const line = lines[index]!
      if (line !== others[at]) break
      const [next, nextOther] = [lines[index + 1]!, others[at + 1]!]
      if (!this.#precedes(line, next)) break
      if (next !== nextOther && !this.#precedes(line, nextOther)) break
      index += 1
      at += 1
    }
    this.#index = index
    other.#index = at
  }

  /** Order of the next groups of two sides, of which one at least has a group. */
  compare(other: StreamSide): number {
    if (this.isOver) return 1
    if (other.isOver) return -1
    return compareKeys(this.#lines[this.#index]!, other.#lines[other.#index]!, this.#input.keys)
  }

  take(): LineGroup {
    const group = this.#lines.slice(this.#index, this.#end)
    this.#index = this.#end
    return group
  }

  #precedes(line: string, next: string): boolean {
    return compareKeys(line, next, this.#input.keys) < 0
  }

  #forget(): void {
    this.#lines = this.#lines.slice(this.#index)
    this.#end = Math.max(0, this.#end - this.#index)
    this.#index = 0
  }

  async leave(): Promise<void> {
    await this.#batches.return?.()
  }
}
