import assert from 'node:assert/strict'
import type fc from 'fast-check'
import { undoRun, type UndoUnit } from '../../src/apply/undo-run.ts'
import { listRuns, newestToUndo as newestReal } from '../../src/apply/journal-runs.ts'
import { TidegateError } from '../../src/errors.ts'
import { LOCK } from '../seed/world.ts'
import { leftOutline, outline } from './harness.ts'
import { applyModel } from './model-apply.ts'
import { environmentKey, type ModelBench, type Prepared, sidesOf } from './model-bench.ts'
import type { Fault } from './model-faults.ts'
import { type Ask, modelOutline, type ModelPlan, predict } from './model-plan.ts'
import { type RealState, readState } from './model-read.ts'
import { SqliteSide } from './model-side.ts'
import {
  byName,
  copySide,
  type Edit,
  execute,
  type Model,
  newModel,
  placeOf,
  type Side,
  type SideName,
  statementsOf,
} from './model-state.ts'
import { newestToUndo, undoModel } from './model-undo.ts'
import { adopt, type Outcome, write, type WriteInput } from './model-write.ts'

export interface State {
  readonly model: Model
  /** The last plan that was written to a file. */
  document: { readonly plan: ModelPlan; readonly prepared: Prepared } | null
  /** What happened, for the figures. */
  readonly counts: Map<string, number>
}

export const newState = (counts: Map<string, number>): State => {
  return { model: newModel(), document: null, counts }
}

type Command = fc.AsyncCommand<State, ModelBench>

export type Disturbance = Fault & { readonly edit: Edit }

abstract class Step implements Command {
  readonly #title: string

  constructor(title: string) {
    this.#title = title
  }

  check(_state: Readonly<State>): boolean {
    return true
  }

  async run(state: State, bench: ModelBench): Promise<void> {
    const what = await this.happen(state, bench)
    state.counts.set(what, (state.counts.get(what) ?? 0) + 1)
    for (const name of ['local', 'production'] as const) {
      assertSame(state.model[name], await readState(bench[name]), name)
    }
  }

  /** @returns what it is counted as. */
  abstract happen(state: State, bench: ModelBench): Promise<string>

  toString(): string {
    return this.#title
  }
}

/** Both sides exactly as the model says: rows to the last cell, memory, runs, what is undone. */
function assertSame(side: Side, real: RealState, name: string): void {
  assert.deepEqual(sorted(real.rows), sorted(side.rows), `rows of ${name}`)
  assert.deepEqual(sorted(real.memory), sorted(side.memory), `memory of ${name}`)
  const runs = side.runs.map(({ id, command }) => ({ id, command }))
  assert.deepEqual(real.runs, runs, `runs of ${name}`)
  const entries = side.runs.flatMap((run) =>
    run.entries.map(({ place, undoneBy }) => `${run.id} ${place} ${undoneBy}`),
  )
  const found = real.entries.map(({ runId, place, undoneBy }) => `${runId} ${place} ${undoneBy}`)
  assert.deepEqual(found.toSorted(), entries.toSorted(), `journal of ${name}`)
}

function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].toSorted(([a], [b]) => (a < b ? -1 : 1))
}

/** Somebody edits a side past tidegate. */
export class Hand extends Step {
  readonly #at: SideName
  readonly #edit: Edit

  constructor(at: SideName, edit: Edit) {
    super(`edit ${at} ${JSON.stringify(edit)}`)
    this.#at = at
    this.#edit = edit
  }

  async happen({ model }: State, bench: ModelBench): Promise<string> {
    const side = model[this.#at]
    const statements = statementsOf(side, this.#edit)
    await bench[this.#at].execute(statements)
    await writeByHand(side, statements, bench[this.#at])
    return 'edit'
  }
}

async function writeByHand(
  side: Side,
  statements: ReturnType<typeof statementsOf>,
  real: ModelBench[SideName],
): Promise<void> {
  execute(side, statements)
  const made = statements.filter((statement) => statement.kind === 'insert')
  if (made.length === 0) return
  const now = await readState(real)
  for (const { table, cells } of made) adopt(side, now, placeOf(table, cells))
}

export interface SyncOptions extends Ask {
  readonly fault: Disturbance | null
  readonly hasPoint: boolean
}

/** `pull` or `push`. */
export class Sync extends Step {
  readonly #options: SyncOptions

  constructor(options: SyncOptions) {
    super(JSON.stringify(options))
    this.#options = options
  }

  async happen({ model }: State, bench: ModelBench): Promise<string> {
    const { command } = this.#options
    const expected = predict(model, this.#options)
    const prepared = await refusable(() => bench.prepare(this.#options))
    assertPlan(expected, prepared)
    if (expected === null || prepared === null) return `${command} refused`
    const { local } = model
    const keys = new Map([...byName(local, 'channels')].map(([name, { cells }]) => [name, cells]))
    const keyOf = (name: string) =>
      command === 'push'
        ? keys.get(name)!['key']!
        : 'tidegate-placeholder: set the key of this row'
    const outcome = await applyTwice(
      { ...this.#options, model, bench, at: sidesOf(this.#options)[1] },
      { plan: expected, prepared, keyOf },
    )
    return `${command} ${outcome}`
  }
}

/** `plan --output`: only a push has a file. */
export class PlanFile extends Step {
  readonly #ask: Ask

  constructor(ask: Omit<Ask, 'command'>) {
    super(`plan ${JSON.stringify(ask)}`)
    this.#ask = { ...ask, command: 'push' }
  }

  async happen(state: State, bench: ModelBench): Promise<string> {
    const { local, production } = state.model
    const plan = predict(state.model, this.#ask)
    const there = byName(production, 'channels')
    const names = [...byName(local, 'channels').keys()].filter((name) => !there.has(name))
    const prepared = await refusable(() => bench.document(this.#ask, names))
    assertPlan(plan, prepared)
    if (plan === null || prepared === null) return 'plan refused'
    state.document = { plan, prepared }
    return 'plan'
  }
}

/** `apply` of the last plan, whatever has happened since. */
export class ApplyFile extends Step {
  readonly #options: Pick<SyncOptions, 'fault' | 'hasPoint'>

  constructor(options: Pick<SyncOptions, 'fault' | 'hasPoint'>) {
    super(`apply ${JSON.stringify(options)}`)
    this.#options = options
  }

  override check({ document }: Readonly<State>): boolean {
    return document !== null
  }

  async happen({ model, document }: State, bench: ModelBench): Promise<string> {
    const input = { ...this.#options, model, bench, at: 'production' } as const
    const outcome = await applyTwice(input, { ...document!, keyOf: environmentKey })
    return `apply ${outcome}`
  }
}

function assertPlan(expected: ModelPlan | null, prepared: Prepared | null): void {
  assert.equal(prepared === null, expected === null, 'whether it is refused')
  if (expected === null || prepared === null) return
  const { planned } = prepared
  assert.deepEqual(outline(planned).toSorted(), modelOutline(expected).toSorted(), 'planned rows')
  const left = expected.left.map((line) =>
    line.split(' ')[1] === 'channels' ? `${line}|1` : line,
  )
  assert.deepEqual(leftOutline(planned).toSorted(), left.toSorted(), 'rows that are left')
}

/** A side that lost too much is refused. */
async function refusable<T>(attempt: () => Promise<T>): Promise<T | null> {
  try {
    return await attempt()
  } catch (error) {
    if (error instanceof TidegateError && error.code === 'plan') return null
    throw error
  }
}

type Target = Pick<WriteInput, 'model' | 'bench' | 'at' | 'fault' | 'hasPoint'>

interface Applied {
  readonly plan: ModelPlan
  readonly prepared: Prepared
  readonly keyOf: (name: string) => string
}

/** Again after a kill, which is what somebody would do. */
async function applyTwice(target: Target, applied: Applied): Promise<Outcome> {
  const outcome = await applyOnce(target, applied)
  if (outcome !== 'killed') return outcome
  assert.notEqual(await applyOnce({ ...target, fault: null }, applied), 'killed')
  return outcome
}

function applyOnce(target: Target, { plan, prepared, keyOf }: Applied): Promise<Outcome> {
  const run = target.bench.newRun(plan.command)
  const { items, memory, forgotten } = plan
  const isRun = items.length + memory.length + forgotten.length > 0
  return write({
    ...target,
    run,
    perform: (database) => target.bench.apply(database, prepared, run),
    predict: (side, now) => {
      const found = byName({ rows: now.rows }, 'channels')
      const idOf = (name: string): string => found.get(name)?.cells['id'] ?? `no ${name}`
      const effects = applyModel(side, plan, { runId: run.id, idOf, keyOf })
      return effects === null ? null : { effects, isRun }
    },
  })
}

export interface UndoOptions extends Pick<SyncOptions, 'fault' | 'hasPoint'> {
  readonly at: SideName
  /** How many runs before the last; null: the one that is undone when none is named. */
  readonly back: number | null
}

export class Undo extends Step {
  readonly #options: UndoOptions

  constructor(options: UndoOptions) {
    super(`undo ${JSON.stringify(options)}`)
    this.#options = options
  }

  override check({ model }: Readonly<State>): boolean {
    return this.#choose(model) !== null
  }

  #choose(model: Model): string | null {
    const { at, back } = this.#options
    if (back === null) return newestToUndo(model[at])?.id ?? null
    return model[at].runs.at(-1 - back)?.id ?? null
  }

  async happen({ model }: State, bench: ModelBench): Promise<string> {
    const { at, back } = this.#options
    const runId = this.#choose(model)!
    const isOfUndo = model[at].runs.some(({ id, undid }) => id === runId && undid !== null)
    const once = (fault: Disturbance | null) =>
      undoOnce({ ...this.#options, fault, model, bench }, runId, back === null)
    const outcome = await once(this.#options.fault)
    if (outcome === 'killed') assert.notEqual(await once(null), 'killed')
    return `undo${isOfUndo ? ' of undo' : ''} ${outcome}`
  }
}

function undoOnce(target: Target, runId: string, isNewest: boolean): Promise<Outcome> {
  const run = target.bench.newRun('undo')
  let units: readonly UndoUnit[] = []
  let left: readonly UndoUnit[] = []
  let isOver = false
  return write({
    ...target,
    run,
    perform: async (database) => {
      if (isNewest) assert.equal(newestReal(await listRuns(database))?.id, runId)
      ;({ units, left } = await undoRun({ database, runId, run, lock: LOCK }))
      isOver = true
    },
    predict: (side) => {
      const before = copySide(side)
      const undone = undoModel(side, runId, run.id)
      if (isOver) {
        assert.deepEqual(placesOf(units), undone.units.map(sort).toSorted(byText))
        assert.deepEqual(placesOf(left), undone.left.map(sort).toSorted(byText), 'left')
      }
      if (undone.left.length === 0) assertIdentity(before, side, undone.units.flat())
      return { effects: null, isRun: undone.units.length > 0 }
    },
  })
}

/** What an undo does not name is as it was. */
function assertIdentity(before: Side, after: Side, places: readonly string[]): void {
  const named = new Set(places)
  const others = ({ rows }: Side) => sorted(rows).filter(([place]) => !named.has(place))
  assert.deepEqual(others(after), others(before))
}

const sort = (places: readonly string[]): string[] => places.toSorted()

const byText = (a: readonly string[], b: readonly string[]): number =>
  a.join() < b.join() ? -1 : 1

function placesOf(units: readonly UndoUnit[]): string[][] {
  const places = units.map(({ rows }) => rows.map(({ table, locator }) => placeOf(table, locator)))
  return places.map(sort).toSorted(byText)
}

export class Restore extends Step {
  readonly #at: SideName
  readonly #crash: Edit | null

  constructor(at: SideName, crash: Edit | null) {
    super(`restore ${at} ${JSON.stringify(crash)}`)
    this.#at = at
    this.#crash = crash
  }

  override check({ model }: Readonly<State>): boolean {
    return model.points[this.#at].length > 0
  }

  async happen({ model }: State, bench: ModelBench): Promise<string> {
    const real = bench[this.#at]
    assert.ok(real instanceof SqliteSide)
    const side = model[this.#at]
    if (this.#crash !== null) {
      const statements = statementsOf(side, this.#crash)
      real.crash(statements)
      execute(side, statements)
    }
    const present = copySide(side)
    const { kept } = await real.restore()
    assert.ok(kept !== null)
    const points = model.points[this.#at]
    Object.assign(side, copySide(points.at(-1)!))
    model.points[this.#at] = [...points, present]
    return 'restore'
  }
}
