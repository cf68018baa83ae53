/** A part of a text, in UTF-16 units; the end is not included. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** With less in common, marking what differs would mark nearly everything. */
const ENOUGH_IN_COMMON = 4

/** Pairs of words to look at: longer texts are marked from the first difference to the last. */
const MOST_PAIRS = 40_000

/** Which words of two texts the other one lacks; nothing when they have next to nothing in common. */
export function differingSpans(from: string, to: string): { from: Span[]; to: Span[] } {
  const [left, right] = [words(from), words(to)]
  const head = commonStart(left, right)
  const tail = commonStart(left.slice(head).toReversed(), right.slice(head).toReversed())
  const middle = [left.slice(head, left.length - tail), right.slice(head, right.length - tail)]
  const [leftKept, rightKept] = commonWords(middle[0]!, middle[1]!)
  const start = left.slice(0, head).join('').length
  const spans = {
    from: gaps(middle[0]!, leftKept, start),
    to: gaps(middle[1]!, rightKept, start),
  }
  const marked = spans.from.reduce((sum, { start, end }) => sum + end - start, 0)
  return from.length - marked < ENOUGH_IN_COMMON ? { from: [], to: [] } : spans
}

/** Runs of Latin letters and digits, and every other character by itself. */
function words(text: string): string[] {
  return text.match(/[\p{Script=Latin}\p{Nd}]+|./gsu) ?? []
}

function commonStart(left: readonly string[], right: readonly string[]): number {
  const end = left.findIndex((word, index) => word !== right[index])
  return end === -1 ? left.length : end
}

type Kept = readonly [ReadonlySet<number>, ReadonlySet<number>]

/** Indices of a longest common subsequence. */
function commonWords(left: readonly string[], right: readonly string[]): Kept {
  const kept: [Set<number>, Set<number>] = [new Set(), new Set()]
  if (left.length * right.length > MOST_PAIRS) return kept
  const width = right.length + 1
  const lengths = new Uint16Array((left.length + 1) * width)
  for (let row = left.length - 1; row >= 0; row -= 1) {
    for (let column = right.length - 1; column >= 0; column -= 1) {
      const at = row * width + column
      lengths[at] =
        left[row] === right[column]
          ? lengths[at + width + 1]! + 1
          : Math.max(lengths[at + width]!, lengths[at + 1]!)
    }
  }
  for (let row = 0, column = 0; row < left.length && column < right.length;) {
    const at = row * width + column
    if (left[row] === right[column]) {
      kept[0].add(row++)
      kept[1].add(column++)
    } else if (lengths[at + width]! >= lengths[at + 1]!) row += 1
    else column += 1
  }
  return kept
}

function gaps(words: readonly string[], kept: ReadonlySet<number>, offset: number): Span[] {
  const spans: { start: number; end: number }[] = []
  let start = offset
  for (const [index, word] of words.entries()) {
    const end = start + word.length
    const last = spans.at(-1)
    if (!kept.has(index)) {
      if (last?.end === start) last.end = end
      else spans.push({ start, end })
    }
    start = end
  }
  return spans
}
