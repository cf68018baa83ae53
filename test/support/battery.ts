import type { PostgresServer } from './postgres.ts'

/** What the classes of the fault battery have in common. */

export interface BatteryInput {
  /** 1 is the whole battery, 0.1 a tenth of its points. */
  readonly scale: number
  /** The same seed chooses the same points. */
  readonly seed: number
  readonly server: PostgresServer
}

export interface BatteryResult {
  /** Faults that were made. */
  readonly points: number
  /** After how many of them everything that the oracle asks was true. */
  readonly recovered: number
  readonly problems: readonly string[]
  /** What else was counted. */
  readonly note: string
  /** Why nothing was run. */
  readonly skipped?: string
}

export interface FaultClass {
  readonly name: string
  /** One sentence for the report. */
  readonly describe: string
  run(input: BatteryInput): Promise<BatteryResult>
}

/** Numbers from 0 to below 1, the same for the same seed and label. */
export type Random = () => number

export function seededRandom(seed: number, label: string): Random {
  let state = seed | 0
  for (const character of label) state = Math.imul(state ^ character.codePointAt(0)!, 0x01000193)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const FEWEST = 5

/** How many of `full` points are run: at least `fewest` where there are so many. */
export function scaled(full: number, scale: number, fewest = FEWEST): number {
  return Math.min(full, Math.max(fewest, Math.round(full * scale)))
}

/** Evenly spread over all items, from a random first one. */
export function sample<T>(
  items: readonly T[],
  scale: number,
  random: Random,
  fewest = FEWEST,
): T[] {
  const count = scaled(items.length, scale, fewest)
  const step = items.length / count
  const offset = random() * step
  return Array.from({ length: count }, (_, index) => items[Math.floor(offset + index * step)]!)
}

/** Runs `task` for every item, a few at a time; the results keep the order of the items. */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  concurrency: number,
  task: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const work = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      results[index] = await task(items[index]!, index)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  return results
}

/** How often each value occurs, most often first: `18 commit, 4 startup`. */
export function tally(values: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([value, count]) => `${count} ${value}`)
    .join(', ')
}

/** One case of a class: what is wrong after it; nothing when all is well. */
export interface CaseResult {
  readonly problems: readonly string[]
  /** For the tally in the note. */
  readonly kind: string
}

/** Runs one case; what it throws is a problem of its own. */
export async function runCase(
  name: string,
  body: (problems: string[]) => Promise<string>,
): Promise<CaseResult> {
  const problems: string[] = []
  let kind = 'broken'
  try {
    kind = await body(problems)
  } catch (error) {
    problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  return { kind, problems: problems.map((problem) => `${name}: ${problem}`) }
}

export function summarise(cases: readonly CaseResult[], note = ''): BatteryResult {
  return {
    points: cases.length,
    recovered: cases.filter(({ problems }) => problems.length === 0).length,
    problems: cases.flatMap(({ problems }) => problems),
    note: [tally(cases.map(({ kind }) => kind)), note].filter(Boolean).join('; '),
  }
}
