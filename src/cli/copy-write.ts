import { isRecorded, type Run } from '../apply/run.ts'
import type { Database } from '../database/contract.ts'
import { migrateUp } from '../migrate/runner.ts'
import { copyRows } from '../sync/copy.ts'
import { checkCopy, type CopyCheck } from '../sync/copy-check.ts'
import { type CopyScope, scopeOf } from '../sync/copy-scope.ts'
import type { Context } from './context.ts'
import { withDatabase } from './with-database.ts'
import type { CopyEnds } from './copy-run.ts'
import { migrateInput } from './migrate-input.ts'

/** What was read, and written unless there are problems. */
export interface Copied extends CopyCheck {
  readonly scope: CopyScope
}

export interface CopyWriting {
  readonly run: Run
  /** Called when the rows are committed. */
  readonly onWritten: () => void
}

/** Makes the tables that are missing, checks every row once more, and writes it. */
export async function writeCopy(
  context: Context,
  ends: CopyEnds,
  writing: CopyWriting,
): Promise<Copied> {
  const { to, version } = ends
  const settings = {
    ...ends.settings,
    environment: to.name,
    target: to.target,
    targetSource: to.source,
    gateway: version.family === 'bltcy-fork' ? ('bltcy-fork' as const) : ('new-api' as const),
  }
  const connect = {
    missingFile: 'create',
    wait: false,
    command: 'copy',
    onLostConnection: 'again',
  } as const
  return withDatabase(context, settings, connect, async (database) => {
    // As a run of its own: whether rows were copied is asked of this one.
    await migrateUp(migrateInput(context, settings, database), {})
    return copyInto(context, ends, { database, ...writing })
  })
}

async function copyInto(
  context: Context,
  { settings, from, to, reader, include }: CopyEnds,
  { database, run, onWritten }: CopyWriting & { readonly database: Database },
): Promise<Copied> {
  const catalog = await database.catalog()
  const source = { dialect: reader.dialect, catalog: await reader.catalog() }
  const scope = scopeOf(source, { dialect: database.dialect, catalog }, include)
  const names = { from: from.name, to: to.name }
  const input = { reader, database, catalog, scope, ...names, run, lock: context.lock(settings) }
  return reader.snapshot(async () => {
    const check = await checkCopy(reader, scope)
    if (check.problems.total > 0) return { ...check, scope }
    // On a connection after one whose COMMIT was not answered, the run may be there already.
    if (!(await isRecorded(database, run))) {
      await copyRows({ ...input, onTable: (table) => context.output.detail(`copying ${table} …`) })
    }
    onWritten()
    return { ...check, scope }
  })
}
