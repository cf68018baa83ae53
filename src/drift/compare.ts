import { abilitiesFinding, schemaFinding } from '../diff/build-finding.ts'
import type { DriftReport, SideFacts, TableFacts } from '../diff/drift-report.ts'
import { UnorderedStreamError } from '../diff/stream-side.ts'
import { compareSchemas, type SchemaSide } from '../diff/schema.ts'
import { TidegateError } from '../errors.ts'
import { type ShapedTables, shapeTables, type TableShape } from '../snapshot/shape.ts'
import type { Source, StaleChannel } from '../snapshot/source.ts'
import { FindingCollector } from './collector.ts'
import { compareTable, received, type TableInput, wayFacts } from './compare-table.ts'
import { chooseDerivation, slowerLink } from './way.ts'
import { acceptedList, buildReport, type DriftOptions, findingContext } from './report.ts'

/** Compares two sides table by table. Nothing is written; what cannot be read is incomplete. */
export async function compareSources(
  from: Source,
  to: Source,
  options: DriftOptions,
): Promise<DriftReport> {
  const context = findingContext(sideFacts(from), sideFacts(to), options)
  const accepted = acceptedList(context, options)
  const collector = new FindingCollector(accepted, options.maxFindings)
  const { base, mask } = options
  const link = await slowerLink(from, to)
  const input: TableInput = { from, to, link, base, mask, context, collector }
  const plan = planTables(from, to, options)
  for (const difference of compareSchemas(schemaSides(from, to, plan))) {
    collector.add(schemaFinding(input.context, difference))
  }
  const tables = [...absentTables(plan), ...(await runSteps(input, plan, options))]
  const secrets = secretFacts(from, to, collector)
  const sides = { from: sideFacts(from), to: sideFacts(to) }
  const { notCompared } = plan
  return buildReport({ ...sides, options, collector, accepted, tables, secrets, notCompared })
}

function planTables(from: Source, to: Source, { named }: DriftOptions): ShapedTables {
  const plan = shapeTables(from.catalog, to.catalog, named)
  const isHeld = (table: string): boolean =>
    [from, to].every(({ scope }) => scope === null || scope.has(table))
  const left = plan.shapes.filter(({ table }) => !isHeld(table))
  const isBlind = ({ columns, keyLength }: TableShape): boolean =>
    (from.keyId === null || from.keyId !== to.keyId) &&
    columns.slice(0, keyLength).some(({ rule }) => rule.role === 'secret')
  const blind = plan.shapes.filter((shape) => isHeld(shape.table) && isBlind(shape))
  return {
    ...plan,
    shapes: plan.shapes.filter((shape) => isHeld(shape.table) && !isBlind(shape)),
    absent: [
      ...plan.absent,
      ...blind.map(({ table }) => ({
        table,
        reason: 'its rows are told apart by a secret: set TIDEGATE_FINGERPRINT_KEY',
        isFault: true,
      })),
      ...left.map(({ table }) => ({
        table,
        reason: 'the snapshot does not hold this table',
        isFault: false,
      })),
    ],
  }
}

function absentTables({ absent }: ShapedTables): TableFacts[] {
  return absent.map(({ table, reason, isFault }) => ({
    ...emptyFacts(table),
    status: isFault ? 'incomplete' : 'absent',
    reason,
  }))
}

function schemaSides(from: Source, to: Source, { shapes, absent }: ShapedTables) {
  const side = ({ name, catalog, dialect }: Source): SchemaSide => ({
    name,
    catalog,
    enforcesLengths: dialect === 'postgres',
  })
  const tables = [...new Set([...[...shapes, ...absent].map(({ table }) => table), 'abilities'])]
  return { from: side(from), to: side(to), tables }
}

interface Step {
  readonly table: string
  readonly run: () => Promise<TableFacts>
}

/**
 * All tables in one moment of each side. A table that cannot be read ends that moment: the rest is
 * read in another one, and the failed table is incomplete.
 */
async function runSteps(
  input: TableInput,
  { shapes }: ShapedTables,
  { onTable }: DriftOptions,
): Promise<TableFacts[]> {
  const steps: Step[] = [
    ...shapes.map((shape) => ({ table: shape.table, run: () => compareTable(input, shape) })),
    { table: 'abilities', run: () => compareAbilities(input) },
  ]
  const done: TableFacts[] = []
  while (done.length < steps.length) {
    const failure = await inOneMoment(input, async () => {
      for (const step of steps.slice(done.length)) {
        onTable?.(step.table)
        done.push(await step.run())
      }
    })
    if (failure === null) break
    done.push({ ...emptyFacts(steps[done.length]!.table), status: 'incomplete', reason: failure })
  }
  return done
}

/** @returns why it ended early, or null. */
async function inOneMoment(
  { from, to }: TableInput,
  body: () => Promise<void>,
): Promise<string | null> {
  try {
    await from.snapshot(() => to.snapshot(body))
    return null
  } catch (error) {
    if (error instanceof TidegateError || error instanceof UnorderedStreamError) {
      return error.message
    }
    throw error
  }
}

async function compareAbilities(input: TableInput): Promise<TableFacts> {
  const started = performance.now()
  const before = received(input)
  const way = await chooseDerivation(input)
  const [from, to] = await Promise.all([
    staleOf(input.from, way.buckets),
    staleOf(input.to, way.buckets),
  ])
  addStale(input, 'from', from.stale)
  addStale(input, 'to', to.stale)
  return {
    ...emptyFacts('abilities'),
    from: from.rows,
    to: to.rows,
    way: wayFacts(way, before, received(input), performance.now() - started),
  }
}

function addStale(
  { context, collector }: TableInput,
  side: 'from' | 'to',
  stale: readonly StaleChannel[],
): void {
  for (const { channel, ...counts } of stale) {
    collector.add(abilitiesFinding(context, { key: channel, side, ...counts }))
  }
}

interface Staleness {
  /** Null for a snapshot, which holds only what was stale. */
  readonly rows: number | null
  readonly stale: readonly StaleChannel[]
}

/** One side's server works while the other side's rows are looked at. */
async function staleOf(source: Source, buckets: number): Promise<Staleness> {
  const progress = { rows: 0 }
  const stale: StaleChannel[] = []
  const check = { progress, buckets: source.dialect === 'postgres' ? buckets : 0 }
  for await (const channel of source.staleAbilities(check)) stale.push(channel)
  return { rows: source.kind === 'database' ? progress.rows : null, stale }
}

function emptyFacts(table: string): TableFacts {
  return { table, status: 'complete', reason: null, from: null, to: null, unlisted: 0, way: null }
}

export function sideFacts({ name, kind, dialect, label, version, takenAt }: Source): SideFacts {
  return {
    name,
    kind,
    dialect,
    label,
    gateway: version?.label ?? null,
    takenAt: takenAt.toISOString(),
  }
}

function secretFacts(
  from: Source,
  to: Source,
  { unknown }: FindingCollector,
): DriftReport['secrets'] {
  const isShared = from.keyId !== null && from.keyId === to.keyId
  return {
    compared: isShared ? 'fingerprint' : 'state',
    keyId: isShared ? to.keyId : null,
    unknown,
  }
}
