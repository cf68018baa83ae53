import type { GatewayName } from '../config/define.ts'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { AnyTables, Catalog, DialectName } from '../database/contract.ts'
import type { MigrationContext } from './define.ts'
import { type MigrationFile, loadMigration } from './files.ts'
import { inMigration } from './in-migration.ts'

export interface MigrationPreview {
  readonly name: string
  readonly description: string
  readonly dialect: DialectName
  /** The statements in order, as the dialect would receive them. */
  readonly statements: readonly PreviewStatement[]
  /**
   * True when the migration read something: the statements are then those of a database in which
   * every read comes back empty, as far as the migration gets there, and a real one can differ.
   */
  readonly branches: boolean
  readonly transaction: boolean
}

export interface PreviewStatement {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/** The SQL that a migration would send, recorded without a database. */
export async function previewMigration(
  file: MigrationFile,
  dialect: DialectName,
  gateway: GatewayName,
): Promise<MigrationPreview> {
  const migration = await loadMigration(file)
  const recorder = new RecordingDriver()
  const queries = new Kysely<AnyTables>(recordingDialect(dialect, recorder))
  const context = new PreviewContext(dialect, gateway, recorder)
  await inMigration(file, 'up', () => migration.up(queries, context)).catch((error: unknown) => {
    // It may need the answer that no database gave.
    if (!recorder.hasRead) throw error
  })
  return {
    name: file.name,
    description: migration.description,
    dialect,
    statements: recorder.statements,
    branches: recorder.hasRead,
    transaction: migration.transaction !== false,
  }
}

/** Answers every read with nothing, and remembers that it was asked. */
class PreviewContext implements MigrationContext {
  readonly dialect
  readonly gateway
  readonly notes = new Map<string, string>()
  readonly #recorder: RecordingDriver

  constructor(dialect: DialectName, gateway: GatewayName, recorder: RecordingDriver) {
    this.dialect = dialect
    this.gateway = gateway
    this.#recorder = recorder
  }

  catalog(): Promise<Catalog> {
    this.#recorder.hasRead = true
    return Promise.resolve(new Map())
  }

  rewriteChannels(): Promise<number> {
    this.#recorder.hasRead = true
    return Promise.resolve(0)
  }

  undoRows(): Promise<number> {
    this.#recorder.hasRead = true
    return Promise.resolve(0)
  }
}

const READS = /^\s*(?:select|with|pragma|show|explain)\b/i

class RecordingDriver implements Driver, DatabaseConnection {
  readonly statements: PreviewStatement[] = []
  hasRead = false

  acquireConnection(): Promise<DatabaseConnection> {
    return Promise.resolve(this)
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    this.statements.push({ sql: query.sql.trim(), parameters: query.parameters })
    if (READS.test(query.sql) || /\breturning\b/i.test(query.sql)) this.hasRead = true
    return Promise.resolve({ rows: [] })
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query)
  }

  async init(): Promise<void> {}
  async beginTransaction(): Promise<void> {}
  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
}

const COMPILERS: Record<DialectName, Omit<Dialect, 'createDriver'>> = {
  sqlite: {
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  },
  postgres: {
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  },
}

function recordingDialect(dialect: DialectName, driver: Driver): { dialect: Dialect } {
  return { dialect: { ...COMPILERS[dialect], createDriver: () => driver } }
}
