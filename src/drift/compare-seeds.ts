import type { Catalog } from '../database/contract.ts'
import {
  abilitiesFinding,
  changedFinding,
  type FindingContext,
  oneSidedFinding,
} from '../diff/build-finding.ts'
import { type Cells, cellsOfRow, diffCells } from '../diff/cells.ts'
import type { Change, InsertChange, UpdateChange } from '../diff/change.ts'
import type { DriftReport, SideFacts, TableFacts } from '../diff/drift-report.ts'
import { TidegateError } from '../errors.ts'
import { columnRule } from '../gateway/columns.ts'
import { cleanList, joinList } from '../gateway/lists.ts'
import { mergeOptionMap, type OptionMapEntries } from '../gateway/options.ts'
import type { DeclaredSeed } from '../seed/declare.ts'
import { type PlannedRow, planSeedsIn } from '../seed/plan.ts'
import type { SeedWorld } from '../seed/read.ts'
import { Fingerprinter } from '../snapshot/fingerprint.ts'
import { type Cell, naturalKey } from '../snapshot/model.ts'
import { FindingCollector } from './collector.ts'
import { acceptedList, buildReport, type DriftOptions, findingContext } from './report.ts'

/** The right side as seeds look at it: only the rows that they could mean. */
export interface SeededSide {
  readonly facts: SideFacts
  readonly catalog: Catalog
  readonly world: SeedWorld
  /** Made the fingerprints of its secrets; null when it only tells set from empty. */
  readonly fingerprinter: Fingerprinter | null
  /** What its abilities are not, where they were not read as rows. */
  readonly stale: readonly StaleAbilities[] | null
}

type StaleAbilities = Parameters<typeof abilitiesFinding>[1]

interface SeedInput {
  readonly context: FindingContext
  readonly collector: FindingCollector
  readonly options: DriftOptions
  readonly to: SeededSide
}

/**
 * Compares what seeds declare with a database or a snapshot of one, by the plan that would be
 * applied there: rows and columns that no seed declares are nobody's drift.
 */
export function compareSeeds(
  from: SideFacts,
  seeds: readonly DeclaredSeed[],
  to: SeededSide,
  options: DriftOptions,
): DriftReport {
  const context = findingContext(from, to.facts, options)
  const accepted = acceptedList(context, options)
  const collector = new FindingCollector(accepted, options.maxFindings)
  const input = { context, collector, options, to }
  const results = seeds.flatMap(rowsOf).map((seed) => compareSeed(input, seed))
  const keys = new Set(results.flatMap(({ rows }) => rows.map(({ key }) => key)))
  for (const stale of to.stale ?? []) {
    if (keys.has(naturalKey(stale.key))) collector.add(abilitiesFinding(context, stale))
  }
  const secrets = secretFacts(to, collector)
  const tables = [...seededTables(seeds, to), ...results.flatMap(({ faults }) => faults)]
  const sides = { from, to: to.facts, notCompared: [] }
  return buildReport({ ...sides, tables, secrets, options, collector, accepted })
}

/** Each row as a seed of its own, so that one that cannot be told leaves the others comparable. */
function rowsOf(seed: DeclaredSeed): DeclaredSeed[] {
  return [
    ...seed.channels.map((channel) => ({ ...seed, channels: [channel], options: [] })),
    ...seed.options.map((option) => ({ ...seed, channels: [], options: [option] })),
  ]
}

interface SeedResult {
  readonly rows: readonly PlannedRow[]
  /** What could not be compared. */
  readonly faults: readonly TableFacts[]
}

function compareSeed(input: SeedInput, seed: DeclaredSeed): SeedResult {
  const { to } = input
  try {
    const { plans } = planSeedsIn(to.world, to.catalog, {
      seeds: [seed],
      fingerprinter: to.fingerprinter ?? new Fingerprinter(),
      adoptions: [],
      reEnable: true,
    })
    const rows = plans.flatMap((plan) => plan.rows)
    for (const row of rows) compareRow(input, seed, row)
    return { rows, faults: [] }
  } catch (error) {
    if (!(error instanceof TidegateError)) throw error
    const reason = `${error.message}${error.nextStep === undefined ? '' : `; ${error.nextStep}`}`
    const fault = {
      ...facts(`seed ${seed.name}: ${nameOf(seed)}`, null, null),
      status: 'incomplete',
      reason,
    } as const
    return { rows: [], faults: [fault] }
  }
}

function nameOf({ channels, options }: DeclaredSeed): string {
  return channels[0]?.id ?? options[0]?.key ?? ''
}

function compareRow(input: SeedInput, seed: DeclaredSeed, row: PlannedRow): void {
  const recorded = input.to.world.base.find(
    ({ seed: name, rowKey }) => name === seed.name && rowKey === row.base.rowKey,
  )
  const base = recorded === undefined ? null : parseCells(recorded.cells)
  for (const change of row.changes) compareChange(input, { seed, row, base }, change)
  countConverged(input, row, base)
}

interface SeededRow {
  readonly seed: DeclaredSeed
  readonly row: PlannedRow
  /** What was declared when the seed was last applied there. */
  readonly base: Cells | null
}

function compareChange(input: SeedInput, seeded: SeededRow, change: Change): void {
  const { context, collector } = input
  if (change.kind === 'insert') return addMissing(input, seeded, change)
  if (change.kind === 'update') return addChanged(input, seeded, change)
  // Of a row that is missing its abilities are missing too; of a snapshot they are told otherwise.
  if (change.kind === 'delete') throw new TypeError('a seed deletes nothing')
  if (change.channelId === null || input.to.stale !== null) return
  const key = keyOf(change.key)
  const { insert, update, remove } = change
  collector.add(
    abilitiesFinding(context, {
      key,
      side: 'to',
      isOrphan: false,
      insert: insert.length,
      update: update.length,
      remove: remove.length,
    }),
  )
}

function addMissing(input: SeedInput, { row, base }: SeededRow, change: InsertChange): void {
  const cells = new Map(change.cells.map(({ column, after }) => [column, after]))
  const rules = [...cells.keys()].map((column) => columnRule(change.table, column))
  const place = { table: change.table, key: keyOf(row.key), side: 'from' } as const
  const hidden = cellsOfRow(rules, hideSecrets(rules, cells), 'from')
  const isKnown = base !== null
  input.collector.add(oneSidedFinding(input.context, { ...place, cells: hidden, isKnown }))
}

function addChanged(input: SeedInput, seeded: SeededRow, change: UpdateChange): void {
  const { context, collector, to } = input
  const rules = change.cells.map(({ column }) => columnRule(change.table, column))
  const known = new Map<string, Cell>(
    change.table === 'options' ? [['key', keyOf(change.key)[0] ?? '']] : [],
  )
  const side = (of: 'before' | 'after'): Cells =>
    new Map([...known, ...change.cells.map((cell): [string, Cell] => [cell.column, cell[of]])])
  const [left, right] = [side('after'), side('before')]
  const cover = to.fingerprinter === null ? hideSecrets : (_: unknown, cells: Cells) => cells
  const { differences, unknown } = diffCells(rules, cover(rules, left), cover(rules, right))
  collector.unknown += unknown
  const base = seeded.base === null ? null : baseOf(seeded, seeded.base, right)
  const place = { table: change.table, key: keyOf(change.key) }
  const finding = changedFinding(context, { ...place, differences, base })
  if (finding !== null) collector.add(finding)
}

/** What the last declaration asks of today's row: a list or map of it may hold more. */
function baseOf({ seed, row }: SeededRow, base: Cells, today: Cells): Cells {
  const [table, name] = row.base.rowKey.split(/:(.*)/s) as [string, string]
  return new Map(
    [...base].map(([column, was]) => {
      const now = today.get(column)
      if (now === undefined || was === null) return [column, was]
      if (table === 'options') return [column, mergedOption(seed, name, was, now)]
      const declared = seed.channels.find(({ id }) => id === name)?.cells.get(column)
      if (declared?.policy !== 'include') return [column, was]
      return [column, joinList([...new Set([...cleanList(now), ...cleanList(was)])])]
    }),
  )
}

function mergedOption(seed: DeclaredSeed, key: string, was: string, now: Cell): Cell {
  const option = seed.options.find((one) => one.key === key)
  if (option?.kind !== 'merge' || now === null) return was
  const merge = mergeOptionMap(now, JSON.parse(was) as OptionMapEntries)
  return merge.kind === 'invalid' ? was : merge.text
}

/** Cells that are as declared today and were declared otherwise when last applied. */
function countConverged({ collector }: SeedInput, row: PlannedRow, base: Cells | null): void {
  if (base === null || row.rowId === null) return
  const differing = new Set(
    row.changes.flatMap((change) =>
      change.kind === 'update' ? change.cells.map(({ column }) => column) : [],
    ),
  )
  for (const [column, declared] of parseCells(row.base.cells)) {
    const was = base.get(column)
    if (was !== undefined && was !== declared && !differing.has(column)) collector.converged += 1
  }
}

function parseCells(json: string): Cells {
  return new Map(Object.entries(JSON.parse(json) as Record<string, Cell>))
}

function keyOf(key: string): string[] {
  return (JSON.parse(key) as (string | null)[]).map((part) => part ?? '')
}

/** Fingerprints that the two sides do not share say no more than that there is something. */
function hideSecrets(rules: readonly { name: string; role: string }[], cells: Cells): Cells {
  const secret = new Set(rules.filter(({ role }) => role === 'secret').map(({ name }) => name))
  return new Map([...cells].map(([name, cell]) => [name, secret.has(name) && cell ? 'set' : cell]))
}

function seededTables(seeds: readonly DeclaredSeed[], { world }: SeededSide): TableFacts[] {
  const channels = seeds.flatMap((seed) => seed.channels)
  const options = seeds.flatMap((seed) => seed.options)
  return [
    ...(channels.length > 0 ? [facts('channels', channels.length, world.channels.length)] : []),
    ...(channels.length > 0 ? [facts('abilities', null, world.abilities.length)] : []),
    ...(options.length > 0 ? [facts('options', options.length, world.options.length)] : []),
  ]
}

function facts(table: string, from: number | null, to: number | null): TableFacts {
  return { table, status: 'complete', reason: null, from, to, unlisted: 0, way: null }
}

function secretFacts(
  { fingerprinter }: SeededSide,
  { unknown }: FindingCollector,
): DriftReport['secrets'] {
  return {
    compared: fingerprinter === null ? 'state' : 'fingerprint',
    keyId: fingerprinter?.keyId ?? null,
    unknown,
  }
}
