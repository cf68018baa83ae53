import { defineMigration } from 'tidegate'

/**
 * tidegate's own tables beside the ledger: runs, the journal of every row it writes, what each seed
 * was and what it last applied to each row (the base of a three-way comparison). Plain types only,
 * the same on both dialects. The formats are described in docs/.
 */

const TABLES = ['tidegate_runs', 'tidegate_journal', 'tidegate_seeds', 'tidegate_base'] as const

export default defineMigration({
  description: "tidegate's own tables: runs, journal, seeds, base",

  async up(db) {
    await db.schema
      .createTable('tidegate_runs')
      .addColumn('id', 'text', (column) => column.notNull().primaryKey())
      .addColumn('command', 'text', (column) => column.notNull())
      .addColumn('environment', 'text', (column) => column.notNull())
      .addColumn('tool_version', 'text', (column) => column.notNull())
      .addColumn('started_at', 'text', (column) => column.notNull())
      .execute()
    await db.schema
      .createTable('tidegate_journal')
      .addColumn('run_id', 'text', (column) => column.notNull())
      .addColumn('seq', 'bigint', (column) => column.notNull())
      .addColumn('source', 'text', (column) => column.notNull())
      .addColumn('table_name', 'text', (column) => column.notNull())
      .addColumn('operation', 'text', (column) => column.notNull())
      .addColumn('locator', 'text', (column) => column.notNull())
      .addColumn('columns', 'text', (column) => column.notNull())
      .addColumn('before_image', 'text')
      .addColumn('after_image', 'text')
      .addColumn('undone_by', 'text')
      .addPrimaryKeyConstraint('tidegate_journal_pkey', ['run_id', 'seq'])
      .execute()
    await db.schema
      .createTable('tidegate_seeds')
      .addColumn('name', 'text', (column) => column.notNull().primaryKey())
      .addColumn('checksum', 'text', (column) => column.notNull())
      .addColumn('run_id', 'text', (column) => column.notNull())
      .addColumn('applied_at', 'text', (column) => column.notNull())
      .execute()
    await db.schema
      .createTable('tidegate_base')
      .addColumn('seed', 'text', (column) => column.notNull())
      .addColumn('row_key', 'text', (column) => column.notNull())
      .addColumn('table_name', 'text', (column) => column.notNull())
      .addColumn('row_id', 'text', (column) => column.notNull())
      .addColumn('cells', 'text', (column) => column.notNull())
      .addColumn('run_id', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('tidegate_base_pkey', ['seed', 'row_key'])
      .execute()
  },

  async down(db) {
    for (const name of TABLES) await db.schema.dropTable(name).execute()
  },

  async verify(_db, context) {
    const catalog = await context.catalog()
    return TABLES.every((name) => catalog.has(name))
  },
})
