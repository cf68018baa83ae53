import { readTargetIdentity } from '../apply/target-identity.ts'
import type { Plan, TargetIdentity } from '../apply/plan.ts'
import type { SecretReference, SecretValues } from '../apply/secrets.ts'
import type { Settings } from '../config/settings.ts'
import type { Catalog, DatabaseReader } from '../database/contract.ts'
import { type Base, snapshotBase } from '../drift/base.ts'
import { TidegateError } from '../errors.ts'
import { openDatabaseSource } from '../snapshot/database-source.ts'
import { readSnapshot, snapshotSource } from '../snapshot/file-source.ts'
import { Fingerprinter } from '../snapshot/fingerprint.ts'
import { maskSecrets } from '../snapshot/mask.ts'
import { planFromSeeds } from '../sync/from-seeds.ts'
import { type LeftRow, planSync, type SyncChoice } from '../sync/plan.ts'
import { readSyncWorld, type SyncSide } from '../sync/read-world.ts'
import { parseReferences } from '../sync/secrets.ts'
import type { Context } from './context.ts'
import { loadFile, openRows, type Run, sharedFingerprinter } from './drift-sides.ts'
import { parseAdoptions, prepareSeeds, refuseChoice } from './seed-input.ts'
import { type DatabaseSide, openSide, resolveSide, type RowSide, type Side } from './sides.ts'

export interface Planned {
  readonly plan: Plan
  /** What is not written, and why. */
  readonly left: readonly LeftRow[]
  readonly warnings: readonly string[]
}

/** What was read of both sides. Nothing can be written through it. */
export interface Draft {
  /** Of the database that the plan is for. */
  readonly settings: Settings
  readonly fingerprinter: Fingerprinter | null
  /** Where the left side's own secrets are; null when it is no database. */
  readonly source: DatabaseReader | null
  /** Of seeds, whose values were loaded with them. */
  readonly values: SecretValues | null
  plan(picked?: SyncChoice['picked']): Planned
}

export interface DraftOptions {
  readonly command: 'push' | 'pull'
  /** Whether the plan may outlive this process, so that a random fingerprint key is of no use. */
  readonly keeps: boolean
  /** Called when the left side can be read; gives what is opened as the right one. */
  readonly prepare?: (ends: DraftEnds) => Promise<DatabaseSide>
}

export interface DraftEnds {
  /** Of the database that the plan is for. */
  readonly settings: Settings
  readonly to: DatabaseSide
  /** Of the left side; empty for seeds. */
  readonly catalog: Catalog
}

/** Reads both sides of a plan as the flags name them, and gives them to `body`. */
export async function withDraft<T>(
  context: Context,
  options: DraftOptions,
  body: (draft: Draft) => Promise<T>,
): Promise<T> {
  const settings = await context.settings()
  const from = resolveSide(context, settings, context.string('from') ?? '')
  const to = resolveSide(context, settings, context.string('to') ?? '')
  if (to.kind !== 'database' || from.name === to.name) throw wrongSides(to)
  if (from.kind === 'seeds') refuseChoice(context)
  const choice = readChoice(context, settings)
  const run: Run = { context, settings: settingsOf(settings, to), readers: [] }
  try {
    const draft =
      from.kind === 'seeds'
        ? await draftFromSeeds(run, to, options)
        : await draftFromRows(run, { ...options, from, to, choice })
    return await body(draft)
  } finally {
    await Promise.all(run.readers.map((reader) => reader.close()))
  }
}

function wrongSides(to: Side): TidegateError {
  return new TidegateError('usage', '--to must be an environment, and another one than --from', {
    nextStep: `write --to with the environment whose database is changed${to.kind === 'database' ? '' : ', such as production'}`,
  })
}

/** The same run in the environment of another database. */
export function settingsOf(settings: Settings, { name, target, source }: DatabaseSide): Settings {
  return name === settings.environment
    ? settings
    : { ...settings, environment: name, target, targetSource: source }
}

function readChoice(context: Context, settings: Settings): Omit<SyncChoice, 'picked'> {
  const selected = context.strings('select')
  return {
    select: selected.length === 0 ? null : selected,
    overwrite: context.flag('overwrite'),
    delete: context.flag('delete'),
    maxDeletes: countOf(context, 'max-deletes'),
    references: readReferences(context, settings),
  }
}

function countOf(context: Context, flag: string): number {
  const count = context.number(flag) ?? 0
  if (Number.isSafeInteger(count) && count >= 0) return count
  throw new TidegateError('usage', `--${flag} must be a whole number`, {
    nextStep: `for example: --${flag} 5`,
  })
}

function readReferences(
  context: Context,
  { secretReferences }: Settings,
): ReadonlyMap<string, SecretReference> {
  return parseReferences(context.strings('secret'), secretReferences)
}

interface RowsInput extends DraftOptions {
  readonly from: RowSide
  readonly to: DatabaseSide
  readonly choice: Omit<SyncChoice, 'picked'>
}

async function draftFromRows(run: Run, input: RowsInput): Promise<Draft> {
  const { context, settings } = run
  const { command, choice } = input
  const base = await readBase(run)
  const file = await loadFile(input.from)
  const shared = sharedFingerprinter(context, settings, [file])
  const fingerprinter = shared ?? (input.keeps ? null : new Fingerprinter())
  // Keys are never taken along, and differ in every row of a pulled database: without fingerprints
  // its rows are equal. A secret that a reference names must be looked at all the same.
  const compared = choice.references.size === 0 ? null : fingerprinter
  const left = await openRows(run, input.from, file, compared)
  const ends = { settings, to: input.to, catalog: left.source.catalog }
  const to = (await input.prepare?.(ends)) ?? input.to
  const reader = await openTarget(run, to, input)
  const source = await openDatabaseSource(input.to.name, reader, compared)
  const environment = file?.header.name ?? input.from.name
  const from: SyncSide = { source: left.source, reader: left.reader, environment }
  const world = await readSyncWorld({
    command,
    from,
    to: { source, reader },
    tables: tablesOf(context),
    named: settings.compareTables,
    fingerprinter,
    base,
    useMemory: context.string('base') !== 'none',
    target: await identify(reader, source.catalog, input),
    onTable: (table, rows) => context.output.note(`read ${table}: ${rows} rows`),
  })
  return {
    settings,
    fingerprinter,
    source: left.reader,
    values: null,
    plan: (picked = null) => planSync(world, { ...choice, picked }),
  }
}

/** A gateway's file that tidegate has not written to yet can be compared with; see `runPull`. */
async function identify(
  reader: DatabaseReader,
  catalog: Catalog,
  { command, to }: RowsInput,
): Promise<TargetIdentity> {
  if (command === 'push' || catalog.has('tidegate_ledger')) {
    return readTargetIdentity(reader, catalog, to.name)
  }
  return { environment: to.name, dialect: reader.dialect, label: reader.label, id: '' }
}

async function draftFromSeeds(run: Run, to: DatabaseSide, options: DraftOptions): Promise<Draft> {
  const { context, settings } = run
  const { keeps, prepare } = options
  const seeds = await prepareSeeds(context, settings)
  const shared = sharedFingerprinter(context, settings, [])
  const fingerprinter = shared ?? (keeps ? null : new Fingerprinter())
  const right = (await prepare?.({ settings, to, catalog: new Map() })) ?? to
  const reader = await openTarget(run, right, options)
  const planned = await planFromSeeds({
    database: reader,
    seeds,
    fingerprinter: fingerprinter ?? new Fingerprinter(),
    keyId: fingerprinter?.keyId ?? null,
    adoptions: parseAdoptions(context.strings('adopt')),
    reEnable: context.flag('re-enable'),
    target: await readTargetIdentity(reader, await reader.catalog(), to.name),
  })
  return {
    settings,
    fingerprinter,
    source: null,
    values: planned.secrets,
    plan: () => ({ ...planned, left: [] }),
  }
}

async function openTarget(
  { settings, readers }: Run,
  { target }: DatabaseSide,
  { command, keeps }: DraftOptions,
): Promise<DatabaseReader> {
  // Before a pull, its preparation has opened the file to write.
  const repairs = command === 'push' && !keeps
  const reader = await openSide(settings, target, 'plan', { repairs })
  readers.push(reader)
  return reader
}

function tablesOf(context: Context): readonly string[] | null {
  const tables = context.string('tables')
  return tables === undefined ? null : tables.split(',').map((table) => table.trim())
}

/** `--base FILE`; null leaves it to what tidegate remembers. */
async function readBase({ context, settings }: Run): Promise<Base | null> {
  const named = context.string('base')
  if (named === undefined || named === 'none') return null
  const side = resolveSide(context, settings, named)
  if (side.kind !== 'snapshot') {
    throw new TidegateError('usage', '--base takes a snapshot file or none', {
      nextStep: 'for example: --base snapshots/production.jsonl',
    })
  }
  const source = snapshotSource(side.name, await readSnapshot(side.path, side.name))
  return snapshotBase(side.name, source, maskSecrets(null))
}
