import assert from 'node:assert/strict'
import type { Run } from '../../src/apply/run.ts'
import type { Database } from '../../src/database/contract.ts'
import { TidegateError } from '../../src/errors.ts'
import type { Effect } from './model-apply.ts'
import type { ModelBench } from './model-bench.ts'
import { type Fault, withFault } from './model-faults.ts'
import { type RealState, readState } from './model-read.ts'
import { KEPT_POINTS, type RealSide } from './model-side.ts'
import { SqliteSide } from './model-side-sqlite.ts'
import {
  copySide,
  type Edit,
  type Entry,
  execute,
  type Model,
  type Side,
  type SideName,
  statementsOf,
} from './model-state.ts'

/** What the model says of a write: null when a row has moved, so that nothing is written. */
export type Predict = (side: Side, now: RealState) => Written | null

export interface Written {
  readonly effects: readonly Effect[] | null
  /** Whether a run is recorded. */
  readonly isRun: boolean
}

export interface WriteInput {
  readonly model: Model
  readonly bench: ModelBench
  readonly at: SideName
  readonly run: Run
  readonly perform: (database: Database) => Promise<void>
  readonly predict: Predict
  readonly fault: (Fault & { readonly edit: Edit }) | null
  readonly hasPoint: boolean
}

export type Outcome = 'written' | 'nothing' | 'stale' | 'killed'

/** Lets tidegate write, while somebody else writes or the connection is cut, and compares. */
export async function write(input: WriteInput): Promise<Outcome> {
  const { model, bench, at, run, fault, predict } = input
  const side = model[at]
  const old = copySide(side)
  const meeting = new Meeting(bench[at], statementsOf(side, fault?.edit ?? NO_EDIT), run)
  const { error, isPointMade } = await perform(input, meeting)
  if (meeting.when === 'before') execute(side, meeting.statements)
  const now = await readState(bench[at])
  const isRun = now.runs.some(({ id }) => id === run.id)
  const before = copySide(side)
  const expected = predict(side, now)
  const isCut = fault?.kind === 'kill' && error !== null && !isStale(error)
  if (isCut && !isRun) Object.assign(side, before)
  else if (expected === null) assert.ok(isStale(error), `it is not stale: ${String(error)}`)
  else {
    if (!isCut && error !== null) throw error
    assert.equal(isRun, expected.isRun)
    if (isRun) journal({ side, before, now, run, effects: expected.effects })
  }
  if (isPointMade) model.points[at] = [...model.points[at], old].slice(-KEPT_POINTS)
  if (!isCut && bench[at] instanceof SqliteSide) assert.equal(isPointMade, input.hasPoint && isRun)
  if (meeting.when === 'after') execute(side, meeting.statements)
  if (isCut && !isRun) return 'killed'
  if (expected === null) return 'stale'
  return isRun ? 'written' : 'nothing'
}

const NO_EDIT: Edit = { kind: 'cell', name: '', column: '', value: null }

function isStale(error: unknown): boolean {
  return error instanceof TidegateError && error.code === 'stale'
}

async function perform(
  { bench, at, perform: body, fault, hasPoint }: WriteInput,
  meeting: Meeting,
): Promise<{ error: unknown; isPointMade: boolean }> {
  const real = bench[at]
  const newest = () => (real instanceof SqliteSide ? real.newestPoint() : '')
  const point = newest()
  const database = await real.open(hasPoint ? KEPT_POINTS : 0)
  let error: unknown = null
  try {
    if (fault === null) await body(database)
    else {
      await withFault(
        real.target,
        fault,
        () => meeting.begin(),
        () => body(database),
      )
    }
  } catch (thrown) {
    error = thrown
  } finally {
    await real.done(database)
    await meeting.end()
  }
  return { error, isPointMade: newest() !== point }
}

/** Another program's write in the middle of tidegate's. */
class Meeting {
  readonly statements
  readonly #real: RealSide
  readonly #run: Run
  #rest: (() => Promise<void>) | null = null
  /** When it happened, seen from tidegate's transaction. */
  when: 'never' | 'before' | 'after' = 'never'

  constructor(real: RealSide, statements: ReturnType<typeof statementsOf>, run: Run) {
    this.#real = real
    this.statements = statements
    this.#run = run
  }

  async begin(): Promise<void> {
    if (this.statements.length === 0) return
    const [attempt, runs] = [
      this.#real.attempt(this.statements),
      this.#real.select(['tidegate_runs']),
    ]
    this.#rest = await attempt
    const isOver = (await runs).get('tidegate_runs')!.some(({ id }) => id === this.#run.id)
    this.when = isOver || this.#rest !== null ? 'after' : 'before'
  }

  async end(): Promise<void> {
    await this.#rest?.()
  }
}

interface JournalInput {
  readonly side: Side
  readonly before: Side
  readonly now: RealState
  readonly run: Run
  /** Null when the model has made the entries itself. */
  readonly effects: readonly Effect[] | null
}

/** Gives the model what the database chose, and the run whose entries are exactly its effects. */
function journal({ side, before, now, run, effects }: JournalInput): void {
  if (effects === null) return
  const rest = [...effects]
  const entries = now.entries
    .filter(({ runId }) => runId === run.id)
    .map(({ operation, place, columns }): Entry => {
      const index = rest.findIndex((one) => one.operation === operation && one.place === place)
      assert.notEqual(index, -1, `${operation} ${place} was journalled`)
      const [effect] = rest.splice(index, 1)
      const sorted = columns.toSorted()
      if (effect!.columns !== null) assert.deepEqual(sorted, effect!.columns.toSorted())
      if (operation === 'insert') adopt(side, now, place)
      return {
        operation,
        place,
        columns: sorted,
        before: operation === 'insert' ? null : before.rows.get(place)!,
        after: operation === 'delete' ? null : side.rows.get(place)!,
        undoneBy: null,
      }
    })
  assert.deepEqual(rest, [])
  side.runs.push({ id: run.id, command: run.command, undid: null, entries })
}

/** Cells of a new row that nobody named. */
export function adopt(side: Side, now: RealState, place: string): void {
  const found = now.rows.get(place)
  assert.ok(found !== undefined, `${place} is not there`)
  side.rows.set(place, { ...found, ...side.rows.get(place) })
}
