import type { LineStream } from '../snapshot/line.ts'
import type { KeyKind } from './key-order.ts'
import { type LineGroup, type RowCounts, StreamSide } from './stream-side.ts'

export interface MergeInput {
  readonly from: LineStream
  readonly to: LineStream
  /** Kinds of the key's fields, which are the first ones of every line. */
  readonly keys: readonly KeyKind[]
  /** Rows seen so far, kept up to date. */
  readonly counts: RowCounts
}

export type MergeEvent =
  | { readonly kind: 'differ'; readonly from: string; readonly to: string }
  | { readonly kind: 'missing'; readonly line: string }
  | { readonly kind: 'extra'; readonly line: string }
  | {
      /** Several rows of `side` share a key; `others` are the other side's rows with it. */
      readonly kind: 'duplicate'
      readonly side: 'from' | 'to'
      readonly lines: readonly string[]
      readonly others: readonly string[]
    }

/**
 * What separates two streams, in the order of the key; equal lines give nothing. A key that both
 * sides repeat gives two events, one for each side. Both streams are left when the consumer leaves.
 * @throws UnorderedStreamError when the keys of a side descend.
 */
export async function* mergeLines(input: MergeInput): AsyncGenerator<MergeEvent, void, undefined> {
  const from = new StreamSide('from', input.from, input)
  const to = new StreamSide('to', input.to, input)
  try {
    for (;;) {
      from.skipEqual(to)
      while (!from.hasGroup() || !to.hasGroup()) await Promise.all([from.load(), to.load()])
      if (from.isOver && to.isOver) return
      const order = from.compare(to)
      const left = order <= 0 ? from.take() : []
      const right = order >= 0 ? to.take() : []
      if (isPair(left, right) && left[0] === right[0]) continue
      for (const event of groupEvents(left, right)) yield event
    }
  } finally {
    await Promise.all([from.leave(), to.leave()])
  }
}

function isPair(from: LineGroup, to: LineGroup): boolean {
  return from.length === 1 && to.length === 1
}

function groupEvents(from: LineGroup, to: LineGroup): MergeEvent[] {
  const events: MergeEvent[] = []
  if (from.length > 1) events.push({ kind: 'duplicate', side: 'from', lines: from, others: to })
  if (to.length > 1) events.push({ kind: 'duplicate', side: 'to', lines: to, others: from })
  if (events.length > 0) return events
  const [left, right] = [from[0], to[0]]
  if (left === undefined) return [{ kind: 'extra', line: right! }]
  return [
    right === undefined
      ? { kind: 'missing', line: left }
      : { kind: 'differ', from: left, to: right },
  ]
}
