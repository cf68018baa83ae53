import { isRecorded, type Run } from '../apply/run.ts'
import type { Database } from '../database/contract.ts'
import { migrateUp } from '../migrate/runner.ts'
import { openDatabaseSource } from '../snapshot/database-source.ts'
import { Fingerprinter } from '../snapshot/fingerprint.ts'
import { copyRows } from '../sync/copy.ts'
import { checkCopy, type CopyCheck } from '../sync/copy-check.ts'
import { type CopyScope, scopeOf } from '../sync/copy-scope.ts'
import { type CopyVerdict, verifyCopy } from '../sync/copy-verify.ts'
import type { Context } from './context.ts'
import { withDatabase } from './with-database.ts'
import type { CopyEnds } from './copy-run.ts'
import { migrateInput } from './migrate-input.ts'
import { openSide } from './sides.ts'
import { VERSION } from './version.ts'

/** What was read, and written unless there are problems. */
export interface Copied extends CopyCheck {
  readonly scope: CopyScope
}

/** Makes the tables that are missing, checks every row once more, and writes it. */
export async function writeCopy(context: Context, ends: CopyEnds, run: Run): Promise<Copied> {
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
    return copyInto(context, ends, { database, run })
  })
}

async function copyInto(
  context: Context,
  { settings, from, to, reader, include }: CopyEnds,
  { database, run }: { readonly database: Database; readonly run: Run },
): Promise<Copied> {
  const catalog = await database.catalog()
  const source = { dialect: reader.dialect, catalog: await reader.catalog() }
  const scope = scopeOf(source, { dialect: database.dialect, catalog }, include)
  const names = { from: from.name, to: to.name }
  const input = { reader, database, catalog, scope, ...names, run, lock: context.lock(settings) }
  return reader.snapshot(async () => {
    const check = await checkCopy(reader, scope)
    // On a connection after one whose COMMIT was not answered, the run may be there already.
    if (check.problems.total === 0 && !(await isRecorded(database, run))) {
      await copyRows({ ...input, onTable: (table) => context.output.detail(`copying ${table} …`) })
    }
    return { ...check, scope }
  })
}

/** A comparison of the two sides as they are now. */
export async function verify(
  context: Context,
  { settings, from, to, reader }: CopyEnds,
  scope: CopyScope,
): Promise<CopyVerdict> {
  context.output.detail('comparing both sides …')
  const target = await openSide(settings, to.target, 'copy')
  try {
    const fingerprinter = new Fingerprinter()
    return await verifyCopy({
      from: await openDatabaseSource(from.name, reader, fingerprinter),
      to: await openDatabaseSource(to.name, target, fingerprinter),
      scope,
      fingerprinter,
      toolVersion: VERSION,
    })
  } finally {
    await target.close()
  }
}
