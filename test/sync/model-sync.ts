import assert from 'node:assert/strict'
import { TidegateError } from '../../src/errors.ts'
import { leftOutline, outline } from './harness.ts'
import { applyModel } from './model-apply.ts'
import { environmentKey, type ModelBench, type Prepared, sidesOf } from './model-bench.ts'
import { OPTION_MAP } from './model-cells.ts'
import { predict } from './model-plan.ts'
import { type Ask, modelOutline, type ModelPlan } from './model-plan-item.ts'
import { byName } from './model-state.ts'
import { type Disturbance, type State, Step, type Target } from './model-step.ts'
import { type Outcome, write } from './model-write.ts'

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
      command === 'push' ? keys.get(name)!['key']! : 'tidegate-placeholder: set the key of this row'
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
  const left = expected.left.map((line) => (line.split(' ')[1] === 'channels' ? `${line}|1` : line))
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
  const fault = target.fault === null ? null : aimed(target.fault, plan)
  const { items, memory, forgotten } = plan
  const isRun = items.length + memory.length + forgotten.length > 0
  return write({
    ...target,
    fault,
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

const OTHER_VALUES: Readonly<Record<string, string>> = {
  models: 'm,z',
  group: 'z',
  status: '2',
  priority: '9',
  model_mapping: '{"z":1}',
}

/** Most writers go for a cell that the plan is about to write. */
function aimed(fault: Disturbance, { items }: ModelPlan): Disturbance {
  const updates = items.filter(({ operation }) => operation === 'update')
  const item = updates[fault.at % Math.max(1, updates.length)]
  if (fault.at % 4 === 0 || item === undefined) return fault
  const [column = ''] = Object.keys(item.cells)
  const { name } = item
  const map = name === OPTION_MAP ? '{"z":1}' : 'z'
  if (item.table === 'options') return { ...fault, edit: { kind: 'option', name, value: map } }
  return { ...fault, edit: { kind: 'cell', name, column, value: OTHER_VALUES[column] ?? 'z' } }
}
