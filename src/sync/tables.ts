import { compareSchemas, type SchemaSide } from '../diff/schema.ts'
import { TidegateError } from '../errors.ts'
import { shapeTables, type TableShape } from '../snapshot/shape.ts'
import type { Source } from '../snapshot/source.ts'
import { RUNTIME_TABLES } from '../snapshot/table-specs.ts'
import { shownGiven } from './given.ts'

/** What names something comes first. */
const ORDER = [
  'vendors',
  'models',
  'prefill_groups',
  'options',
  'channels',
  'abilities',
  'tokens',
  'users',
]

/** Read only when they are asked for. */
const ASKED_FOR = new Set(['tokens'])

export interface TableChoice {
  readonly from: Source
  readonly to: Source
  /** Null: the default set. */
  readonly tables: readonly string[] | null
  readonly named: readonly string[]
}

export interface ChosenTables {
  /** In the order in which they are written. */
  readonly shapes: readonly TableShape[]
  readonly warnings: readonly string[]
}

/**
 * @throws TidegateError `plan` when a table that is asked for cannot be compared, `not-a-gateway`
 *   when channels cannot.
 */
export function chooseTables({ from, to, tables, named }: TableChoice): ChosenTables {
  const asked = tables ?? []
  const { shapes, absent } = shapeTables(from.catalog, to.catalog, [...named, ...unknown(asked)])
  const reasons = new Map(absent.map(({ table, reason }) => [table, reason]))
  assertGateways(shapes, reasons)
  const wanted = shapes.filter(({ table }) => isWanted(table, tables))
  for (const shape of wanted) {
    const reason = unreadable(from, to, shape)
    if (reason !== null) reasons.set(shape.table, reason)
  }
  assertAll(asked, shapes, reasons)
  const faults = absent.filter(({ isFault }) => isFault).map(({ table }) => table)
  const left = [
    ...wanted.map(({ table }) => table).filter((table) => reasons.has(table)),
    ...faults,
  ]
  const read = wanted.filter(({ table }) => !reasons.has(table)).toSorted(inOrder)
  const warnings = [...new Set(left)].map((table) => `${table} is left out: ${reasons.get(table)}`)
  return { shapes: read, warnings: [...warnings, ...schemaWarnings(from, to, read)] }
}

/** Where there are no channels, nothing to write would pass for a side that is as it should be. */
function assertGateways(shapes: readonly TableShape[], reasons: ReadonlyMap<string, string>): void {
  if (shapes.some(({ table }) => table === 'channels')) return
  const reason = reasons.get('channels') ?? 'neither side has this table'
  throw new TidegateError('not-a-gateway', `channels cannot be compared: ${reason}`, {
    nextStep: 'check which databases these are, and that the gateway has made its tables there',
  })
}

/** Tables that nobody would look at unless they are named. */
function unknown(asked: readonly string[]): string[] {
  return asked.filter((table) => !ORDER.includes(table))
}

function isWanted(table: string, tables: readonly string[] | null): boolean {
  if (tables === null) return !ASKED_FOR.has(table)
  return tables.includes(table) || (table === 'abilities' && tables.includes('channels'))
}

function unreadable(from: Source, to: Source, shape: TableShape): string | null {
  if (from.scope?.has(shape.table) === false) return 'the snapshot does not hold it'
  const isBlind = shape.columns.slice(0, shape.keyLength).some(({ rule }) => rule.role === 'secret')
  if (isBlind && (from.keyId === null || from.keyId !== to.keyId)) {
    return 'its rows are told apart by a secret: set TIDEGATE_FINGERPRINT_KEY'
  }
  return null
}

function assertAll(
  asked: readonly string[],
  shapes: readonly TableShape[],
  reasons: ReadonlyMap<string, string>,
): void {
  const known = shapes
    .map(({ table }) => table)
    .filter((table) => !reasons.has(table) && !RUNTIME_TABLES.test(table))
  for (const [index, table] of asked.entries()) {
    if (known.includes(table)) continue
    const isRuntime = RUNTIME_TABLES.test(table)
    const reason = isRuntime ? 'a running gateway writes it' : reasons.get(table)
    const shown = shownGiven(table, `number ${index + 1} of --tables`)
    throw new TidegateError('plan', `${shown} cannot be compared: ${reason ?? 'it has nothing'}`, {
      nextStep: `--tables takes names of these, with commas between them: ${known.join(', ')}`,
    })
  }
}

function inOrder(a: TableShape, b: TableShape): number {
  const place = ({ table }: TableShape): number => {
    const index = ORDER.indexOf(table)
    return index === -1 ? ORDER.length : index
  }
  return place(a) - place(b)
}

function schemaWarnings(from: Source, to: Source, shapes: readonly TableShape[]): string[] {
  const side = ({ name, catalog, dialect }: Source): SchemaSide => ({
    name,
    catalog,
    enforcesLengths: dialect === 'postgres',
  })
  const tables = shapes.map(({ table }) => table)
  const unmapped = shapes
    .filter((shape) => shape.unmapped.length > 0)
    .map(
      ({ table, unmapped }) =>
        `nobody knows how to write the types of ${table}.${unmapped.join(', ')}`,
    )
  const differences = compareSchemas({ from: side(from), to: side(to), tables })
  const told = differences.filter(
    ({ severity, rule }) => severity === 'error' || rule === 'gateway-version',
  )
  return [...told.map(({ message }) => message), ...unmapped]
}
