import { hash } from 'node:crypto'
import type { Plan, PlanItem, Remembered, SecretUse, TargetIdentity } from '../apply/plan.ts'
import type { SecretReference, SecretValues } from '../apply/secrets.ts'
import { findingId } from '../diff/build-finding.ts'
import type { CellChange, Change } from '../diff/change.ts'
import { isEmptySecret, SET } from '../diff/secret-cells.ts'
import { TidegateError } from '../errors.ts'
import type { DeclaredSeed } from '../seed/declare.ts'
import { type PlannedRow, planSeeds, type SeedPlan, type SeedPlanInput } from '../seed/plan.ts'
import type { Cell } from '../snapshot/model.ts'

export interface SeedsToPlan extends SeedPlanInput {
  readonly target: TargetIdentity
  /** Null when the plan may outlive the key of `fingerprinter`; see `Plan.keyId`. */
  readonly keyId: string | null
}

export interface SeedsPlan {
  readonly plan: Plan
  readonly warnings: readonly string[]
  /** Of every row that the seeds declare. */
  readonly secrets: SecretValues
}

/**
 * What `seed apply` would write, as a plan that writes and remembers the same. Nothing in it when
 * every seed is applied.
 * @throws TidegateError when a row cannot be identified, a value does not fit, or two seeds change
 *   one channel.
 */
export async function planFromSeeds(input: SeedsToPlan): Promise<SeedsPlan> {
  const { target, keyId } = input
  const { plans, version, secrets } = await planSeeds(input)
  const open = plans.filter(({ isSettled }) => !isSettled)
  const plan: Plan = {
    command: 'push',
    from: { name: 'seeds', kind: 'seeds' },
    target,
    gateway: version?.label ?? null,
    keyId,
    items: onePerRow(open.flatMap((seed) => itemsOf(seed, keyId !== null))),
    memory: open.flatMap(({ rows }) => rows.map(remembered)),
    forgotten: [],
    seeds: open.map(({ seed: { name, checksum } }) => ({ name, checksum })),
  }
  return { plan, warnings: plans.flatMap(({ warnings }) => warnings), secrets }
}

function remembered({ base, key, rowId }: PlannedRow): Remembered {
  return { ...base, key, rowId }
}

function itemsOf({ seed, rows }: SeedPlan, hasFingerprints: boolean): PlanItem[] {
  return rows.flatMap((row) => {
    const [first, ...others] = hasFingerprints ? row.changes : row.changes.map(withStates)
    if (first === undefined) return []
    const { table } = row.base
    const key = (JSON.parse(row.key) as Cell[]).map((part) => part ?? '')
    return [
      {
        id: idOf(first, key),
        table,
        key,
        operation: first.kind === 'insert' ? 'insert' : 'update',
        reason: first.kind === 'rebuild' ? 'abilities' : 'declared',
        source: `seed:${seed.name}`,
        changes: [first, ...others],
        secrets: secretsOf(seed, row),
      },
    ]
  })
}

/** That of `drift`'s finding about the same row. */
function idOf({ kind, table }: Change, key: readonly string[]): string {
  const side = kind === 'rebuild' ? 'to' : null
  return findingId((text) => hash('sha256', text, 'hex'), { table, key, kind: KINDS[kind], side })
}

const KINDS = {
  insert: 'missing',
  update: 'changed',
  delete: 'extra',
  rebuild: 'abilities',
} as const

/** A plan changes a row once: seeds that share an option make one change of it. */
function onePerRow(items: readonly PlanItem[]): PlanItem[] {
  const rows = Map.groupBy(items, ({ table, key }) => JSON.stringify([table, key]))
  return [...rows.values()].map((shared) => shared.reduce(joined))
}

function joined(first: PlanItem, next: PlanItem): PlanItem {
  const [change] = first.changes
  const [last] = next.changes
  if (first.table !== 'options' || change.kind === 'rebuild' || last.kind === 'rebuild') {
    throw sharedRow(first, next)
  }
  const after = new Map(last.cells.map((cell) => [cell.column, cell.after]))
  const merge = (cell: CellChange): CellChange => {
    const value = after.get(cell.column)
    return value === undefined ? cell : { ...cell, after: value }
  }
  const [cell, ...cells] = change.cells
  return { ...first, changes: [{ ...change, cells: [merge(cell), ...cells.map(merge)] }] }
}

function sharedRow(...[{ source, table }, other]: readonly [PlanItem, PlanItem]): TidegateError {
  return new TidegateError(
    'seed',
    `${source} and ${other.source} change the same row of ${table}, and a plan changes a row once`,
    { nextStep: 'declare the row in one seed, or run `tidegate seed apply` there' },
  )
}

function secretsOf(seed: DeclaredSeed, { base, changes }: PlannedRow): SecretUse[] {
  const channel = seed.channels.find(({ id }) => base.rowKey === `channels:${id}`)
  return changes.flatMap((change) => {
    if (change.kind === 'rebuild') return []
    return change.cells.flatMap(({ column, secret }) => {
      const declared = channel?.cells.get(column)
      if (!secret || declared?.policy !== 'secret') return []
      return [{ column, reference: referenceTo(seed.variables.get(declared.secret)) }]
    })
  })
}

/** A secret that the seed file itself holds is at hand only while it is loaded. */
function referenceTo(variable: string | undefined): SecretReference {
  return variable === undefined ? { kind: 'source' } : { kind: 'env', name: variable }
}

function withStates(change: Change): Change {
  if (change.kind === 'rebuild') return change
  const [first, ...others] = change.cells
  return { ...change, cells: [withState(first), ...others.map(withState)] }
}

function withState(cell: CellChange): CellChange {
  if (!cell.secret) return cell
  return { ...cell, before: stateOf(cell.before), after: stateOf(cell.after) }
}

function stateOf(cell: Cell): Cell {
  return isEmptySecret(cell) ? cell : SET
}
