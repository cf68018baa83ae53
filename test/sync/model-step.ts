import assert from 'node:assert/strict'
import type fc from 'fast-check'
import type { ModelBench, Prepared } from './model-bench.ts'
import { OPTION_MAP } from './model-cells.ts'
import type { Fault } from './model-faults.ts'
import type { ModelPlan } from './model-plan-item.ts'
import { type RealState, readState } from './model-read.ts'
import {
  type Edit,
  execute,
  type Model,
  newModel,
  placeOf,
  type Side,
  type SideName,
  statementsOf,
} from './model-state.ts'
import { adopt, type WriteInput } from './model-write.ts'

const START_CELLS = {
  models: 'm,n',
  group: 'default',
  status: '1',
  priority: '0',
  weight: '0',
  tag: null,
  remark: '',
  model_mapping: '{"a":1}',
  key: 'sk-test-start-1234',
}

export interface State {
  readonly model: Model
  /** The last plan that was written to a file. */
  document: { readonly plan: ModelPlan; readonly prepared: Prepared } | null
  /** What happened, for the figures. */
  readonly counts: Map<string, number>
}

/** Both sides with rows of their own, under ids of their own. */
const START: readonly (readonly [SideName, Edit])[] = [
  ['production', { kind: 'add', name: 'b', cells: START_CELLS }],
  ...(['local', 'production'] as const).flatMap((at) => [
    [at, { kind: 'add', name: 'a', cells: START_CELLS }] as const,
    [at, { kind: 'option', name: 'Footer', value: 'x' }] as const,
    [at, { kind: 'option', name: OPTION_MAP, value: '{"b":2,"a":1}' }] as const,
  ]),
]

export async function startState(counts: Map<string, number>, bench: ModelBench): Promise<State> {
  const state: State = { model: newModel(), document: null, counts }
  for (const [at, edit] of START) await editByHand(state.model[at], edit, bench[at])
  return state
}

type Command = fc.AsyncCommand<State, ModelBench>

export type Disturbance = Fault & { readonly edit: Edit }

export abstract class Step implements Command {
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

export function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].toSorted(([a], [b]) => (a < b ? -1 : 1))
}

/** Where a step writes, and what is in its way. */
export type Target = Pick<WriteInput, 'model' | 'bench' | 'at' | 'fault' | 'hasPoint'>

export async function editByHand(
  side: Side,
  edit: Edit,
  real: ModelBench[SideName],
): Promise<void> {
  const statements = statementsOf(side, edit)
  await real.execute(statements)
  execute(side, statements)
  const made = statements.filter((statement) => statement.kind === 'insert')
  if (made.length === 0) return
  const now = await readState(real)
  for (const { table, cells } of made) adopt(side, now, placeOf(table, cells))
}
