import type { SecretUse } from '../apply/plan.ts'
import type { SecretReference } from '../apply/secrets.ts'
import type { CellChange } from '../diff/change.ts'
import { compareSecrets, isEmptySecret, SET } from '../diff/secret-cells.ts'
import type { Cell } from '../snapshot/model.ts'
import type { ShapeColumn } from '../snapshot/shape.ts'
import type { SyncRow, SyncTable, SyncWorld } from './world.ts'

/** The secrets of a row: where they come from, and the cells that are written for that. */
export interface RowSecrets {
  readonly cells: readonly CellChange[]
  readonly uses: readonly SecretUse[]
  /** Columns that the left side has and nobody can read. */
  readonly lost: readonly string[]
  /** Without its key a new row is of no use. */
  readonly lacksKey: boolean
}

export type References = ReadonlyMap<string, SecretReference>

/** Without a key the gateway refuses to make these. */
const KEYED: ReadonlySet<string> = new Set(['channels', 'tokens'])

const KEY = 'key'

export function insertedSecrets(
  world: SyncWorld,
  table: SyncTable,
  row: SyncRow,
  references: References,
): RowSecrets {
  const columns = secretColumns(table).map((column) => ({
    column,
    reference:
      namedReference(references, table, row, column) ?? givenReference(world, table, row, column),
    isSet: !isEmptySecret(row.from!.cells.get(column.name) ?? null),
  }))
  const found = columns.filter(({ reference }) => reference !== null)
  const uses = found.map(({ column, reference }) => use(column, reference!))
  const lost = columns.filter(({ reference, isSet }) => isSet && reference === null)
  const lacksKey = columns.some(({ column, reference }) => isKey(table, column) && !reference)
  return {
    cells: found.map(({ column }) => written(column, null)),
    uses,
    lost: world.command === 'push' ? lost.map(({ column }) => column.name) : [],
    lacksKey,
  }
}

/** An existing row keeps its secrets unless it is said where other ones are. */
export function updatedSecrets(
  table: SyncTable,
  row: SyncRow,
  references: References,
  isChosen: (column: string) => boolean,
): RowSecrets {
  const cells: CellChange[] = []
  const uses: SecretUse[] = []
  for (const column of secretColumns(table)) {
    const { name } = column
    const reference = namedReference(references, table, row, column)
    const [from, to] = [row.from, row.to].map((side) => side?.cells.get(name) ?? null)
    if (reference !== null && isChosen(name)) {
      cells.push(written(column, row.target!.current.cells.get(name) ?? null))
      uses.push(use(column, reference))
    } else if (compareSecrets(from!, to!) !== 'equal') {
      uses.push(use(column, { kind: 'keep' }))
    }
  }
  return { cells, uses, lost: [], lacksKey: false }
}

function secretColumns({ columns }: SyncTable): ShapeColumn[] {
  return columns.filter(({ rule }) => rule.role === 'secret')
}

function isKey({ shape }: SyncTable, { name }: ShapeColumn): boolean {
  return KEYED.has(shape.table) && name === KEY
}

/** By TABLE/NAME/COLUMN; TABLE/NAME stands for its key. */
function namedReference(
  references: References,
  { shape }: SyncTable,
  { parts }: SyncRow,
  { name }: ShapeColumn,
): SecretReference | null {
  const place = `${shape.table}/${parts[0] ?? ''}`
  const own = references.get(`${place}/${name}`)
  return own ?? (name === KEY ? references.get(place) : undefined) ?? null
}

/** What a new row gets when nobody says where its secrets are. */
function givenReference(
  { command, from }: SyncWorld,
  table: SyncTable,
  row: SyncRow,
  column: ShapeColumn,
): SecretReference | null {
  if (command === 'pull') return isKey(table, column) ? { kind: 'placeholder' } : null
  const isSet = !isEmptySecret(row.from!.cells.get(column.name) ?? null)
  return isSet && from.kind === 'database' ? { kind: 'source' } : null
}

function written({ name }: ShapeColumn, before: Cell): CellChange {
  return { column: name, before, after: SET, difference: 'different', secret: true }
}

function use({ name }: ShapeColumn, reference: SecretReference): SecretUse {
  return { column: name, reference }
}
