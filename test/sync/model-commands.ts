import assert from 'node:assert/strict'
import { listRuns, newestToUndo as newestReal } from '../../src/apply/journal-runs.ts'
import { undoRun, type UndoUnit } from '../../src/apply/undo-run.ts'
import { LOCK } from '../seed/world.ts'
import type { ModelBench } from './model-bench.ts'
import { SqliteSide } from './model-side-sqlite.ts'
import {
  copySide,
  type Edit,
  execute,
  type Model,
  placeOf,
  type Side,
  type SideName,
  statementsOf,
} from './model-state.ts'
import {
  type Disturbance,
  editByHand,
  sorted,
  type State,
  Step,
  type Target,
} from './model-step.ts'
import type { SyncOptions } from './model-sync.ts'
import { newestToUndo, undoModel } from './model-undo.ts'
import { type Outcome, write } from './model-write.ts'

/** Somebody edits past tidegate. */
export class Hand extends Step {
  readonly #edits: readonly (readonly [SideName, Edit])[]

  constructor(edits: readonly (readonly [SideName, Edit])[]) {
    super(`edit ${JSON.stringify(edits)}`)
    this.#edits = edits
  }

  async happen({ model }: State, bench: ModelBench): Promise<string> {
    for (const [at, edit] of this.#edits) await editByHand(model[at], edit, bench[at])
    return 'edit'
  }
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
    const { runs } = model[at]
    if (back === null) return newestToUndo(model[at])?.id ?? null
    return runs.at(-1 - (back % Math.max(1, runs.length)))?.id ?? null
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
