import type { Database, DatabaseReader, Target } from '../../src/database/contract.ts'
import type { SideName, Statement } from './model-state.ts'

/** One database, as tidegate and everybody else use it. */
export abstract class RealSide {
  readonly name: SideName
  abstract readonly target: Target

  constructor(name: SideName) {
    this.name = name
  }

  /** Empty, and without restore points. */
  abstract reset(hasLog: boolean): Promise<void>
  abstract execute(statements: readonly Statement[]): Promise<void>
  /** Rows of each table. */
  abstract select(tables: readonly string[]): Promise<Map<string, Record<string, unknown>[]>>
  /** Opened for one command; `done` takes it back. */
  abstract open(restorePoints: number): Promise<Database>
  abstract done(database: Database): Promise<void>
  abstract reader(): Promise<DatabaseReader>
  abstract readDone(reader: DatabaseReader): Promise<void>
  /**
   * Another program's write while tidegate writes. @returns what to wait for when it has to wait:
   * until then, it has not happened.
   */
  abstract attempt(statements: readonly Statement[]): Promise<(() => Promise<void>) | null>
  abstract close(): Promise<void>
}

export const KEPT_POINTS = 3

const literal = (value: string | null): string =>
  value === null ? 'null' : `'${value.replaceAll("'", "''")}'`

function textOf(statement: Statement): string {
  if (statement.kind === 'insert') {
    const names = Object.keys(statement.cells).map((name) => `"${name}"`)
    const values = Object.values(statement.cells).map(literal)
    return `insert into ${statement.table} (${names.join(', ')}) values (${values.join(', ')})`
  }
  const [table = '', ...parts] = statement.place.split('/')
  const columns = { channels: ['id'], options: ['key'] }[table] ?? ['group', 'model', 'channel_id']
  const where = columns.map((name, index) => `"${name}" = ${literal(parts[index]!)}`).join(' and ')
  if (statement.kind === 'delete') return `delete from ${table} where ${where}`
  return `update ${table} set "${statement.column}" = ${literal(statement.value)} where ${where}`
}

export function scriptOf(statements: readonly Statement[]): string {
  return ['begin', ...statements.map(textOf), 'commit'].join(';')
}

const TABLES = ['channels', 'abilities', 'options', 'base', 'journal', 'runs', 'seeds'].map(
  (table, index) => (index < 3 ? table : `tidegate_${table}`),
)

export const EMPTY = TABLES.map((table) => `delete from ${table}`).join(';')
