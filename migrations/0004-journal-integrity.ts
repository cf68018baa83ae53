import { sql } from 'kysely'
import { defineMigration, TidegateError } from 'tidegate'

/**
 * The journal learns to keep keys encrypted and to show that an entry was altered, and a run to say
 * where the database was before it. The images hold the rows whole, keys too, so that on PostgreSQL
 * nobody but the owner of the journal keeps a privilege on it. The formats are described in docs/.
 */

const COLUMNS = {
  tidegate_runs: ['restore_point'],
  tidegate_journal: ['before_secrets', 'after_secrets', 'digest'],
} as const

/** Privileges come from GRANT, on the table or on columns, and from ALTER DEFAULT PRIVILEGES. */
const REVOKE_ALL = sql`
do $$
declare
  holder oid;
begin
  for holder in
    select acl.grantee
    from pg_class as journal
      left join pg_attribute as cell on cell.attrelid = journal.oid,
      aclexplode(journal.relacl || cell.attacl) as acl
    where journal.oid = 'tidegate_journal'::regclass and acl.grantee <> journal.relowner
    group by acl.grantee
  loop
    execute format(
      'revoke all on tidegate_journal from %s cascade',
      case when holder = 0 then 'public' else holder::regrole::text end
    );
  end loop;
end $$`

export default defineMigration({
  description: 'the journal: encrypted keys, altered entries, restore points; its owner only',

  async up(db, context) {
    for (const [table, names] of Object.entries(COLUMNS)) {
      for (const name of names) await db.schema.alterTable(table).addColumn(name, 'text').execute()
    }
    if (context.dialect === 'postgres') await REVOKE_ALL.execute(db)
  },

  async down(db) {
    const encrypted = await db
      .selectFrom('tidegate_journal')
      .select('seq')
      .where((where) =>
        where.or([where('before_secrets', 'is not', null), where('after_secrets', 'is not', null)]),
      )
      .limit(1)
      .executeTakeFirst()
    if (encrypted !== undefined) {
      throw new TidegateError(
        'migration',
        'the journal holds encrypted keys; nothing was dropped',
        {
          nextStep: 'keep the columns, or delete those entries of tidegate_journal by hand first',
        },
      )
    }
    for (const [table, names] of Object.entries(COLUMNS)) {
      for (const name of names) await db.schema.alterTable(table).dropColumn(name).execute()
    }
  },

  async verify(_db, context) {
    const catalog = await context.catalog()
    return Object.entries(COLUMNS).every(([table, names]) =>
      names.every((name) => catalog.get(table)?.has(name)),
    )
  },
})
