import type { MigrationFile } from './files.ts'
import type { LedgerRecord } from './ledger.ts'

export const MIGRATION_STATES = [
  'applied',
  'pending',
  'missing',
  'altered',
  'out-of-order',
  'failed',
] as const

export type MigrationState = (typeof MIGRATION_STATES)[number]

export interface MigrationStatus {
  readonly name: string
  readonly state: MigrationState
  /** Null when the ledger knows a migration that has no file. */
  readonly file: MigrationFile | null
  /** Null when it was never applied. */
  readonly record: LedgerRecord | null
}

/** What stands in the way of `migrate up`, in words, and the one safe command. */
export interface Blocker {
  readonly name: string
  readonly state: MigrationState
  readonly message: string
  readonly nextStep: string
}

/** The state of every migration, by name: the files of the folder against the ledger's records. */
export function planMigrations(
  files: readonly MigrationFile[],
  ledger: readonly LedgerRecord[],
): MigrationStatus[] {
  const records = new Map(ledger.map((record) => [record.name, record]))
  const sources = new Map(files.map((file) => [file.name, file]))
  const lastApplied = ledger.reduce((last, { name }) => (name > last ? name : last), '')
  const names = [...new Set([...sources.keys(), ...records.keys()])].toSorted((a, b) =>
    a < b ? -1 : 1,
  )
  return names.map((name) => {
    const file = sources.get(name) ?? null
    const record = records.get(name) ?? null
    return { name, file, record, state: stateOf(name, file, record, lastApplied) }
  })
}

function stateOf(
  name: string,
  file: MigrationFile | null,
  record: LedgerRecord | null,
  lastApplied: string,
): MigrationState {
  if (record === null) return name < lastApplied ? 'out-of-order' : 'pending'
  if (file === null) return 'missing'
  if (record.state === 'started') return 'failed'
  return record.checksum === file.checksum ? 'applied' : 'altered'
}

/** Whether `migrate up` has anything to do or to complain about. */
export function isSettled(statuses: readonly MigrationStatus[]): boolean {
  return statuses.every(({ state }) => state === 'applied')
}

/** Everything that `migrate up` must not decide by itself. */
export function blockersOf(
  statuses: readonly MigrationStatus[],
  policy: { readonly allowOutOfOrder: boolean },
): Blocker[] {
  return statuses.flatMap((status) => {
    if (status.state === 'out-of-order' && policy.allowOutOfOrder) return []
    const words = BLOCKERS[status.state]
    if (words === undefined) return []
    const { name, state } = status
    return [{ name, state, message: words.message(name), nextStep: words.nextStep(name) }]
  })
}

interface Words {
  readonly message: (name: string) => string
  readonly nextStep: (name: string) => string
}

/** A failed migration is not here: the runner asks its `verify` first. */
const BLOCKERS: Partial<Record<MigrationState, Words>> = {
  missing: {
    message: (name) => `${name} was applied to this database, but its file is gone`,
    nextStep: (name) =>
      `restore the file from version control, or forget it with \`tidegate migrate repair ${name} --reason "…"\``,
  },
  altered: {
    message: (name) => `${name} was edited after it had been applied to this database`,
    nextStep: (name) =>
      `restore the file and put the change into a new migration, or accept it with \`tidegate migrate repair ${name} --reason "…"\``,
  },
  'out-of-order': {
    message: (name) => `${name} sorts before a migration that is already applied`,
    nextStep: (name) =>
      `rename ${name} so that it sorts last, or run \`tidegate migrate up --allow-out-of-order\``,
  },
}

/** How far to go: everything, up to and including a name, or a number of steps. */
export interface Range {
  readonly to?: string | undefined
  readonly step?: number | undefined
}

/** The migrations that `up` would run now, in order. */
export function selectUp(statuses: readonly MigrationStatus[], range: Range): MigrationStatus[] {
  const open = statuses.filter(({ state }) => state !== 'applied' && state !== 'missing')
  return limit(open, range)
}

/** The migrations that `down` would revert, newest first; one unless the range says otherwise. */
export function selectDown(statuses: readonly MigrationStatus[], range: Range): MigrationStatus[] {
  const applied = statuses.filter(({ record }) => record !== null).toReversed()
  if (range.to !== undefined) return applied.filter(({ name }) => name >= range.to!)
  return applied.slice(0, range.step ?? 1)
}

function limit(statuses: readonly MigrationStatus[], range: Range): MigrationStatus[] {
  if (range.to !== undefined) return statuses.filter(({ name }) => name <= range.to!)
  return statuses.slice(0, range.step ?? statuses.length)
}
