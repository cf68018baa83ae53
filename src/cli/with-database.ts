import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Settings } from '../config/settings.ts'
import type { Database } from '../database/contract.ts'
import { openDatabase } from '../database/open.ts'
import { waitForDatabase } from '../database/wait.ts'
import { DatabaseError } from '../errors.ts'
import type { Context } from './context.ts'
import type { Output } from './output.ts'
import { tellRestorePoint } from './tell-restore-point.ts'
import { VERSION } from './version.ts'

export interface ConnectOptions {
  /** A read never makes a file; `create` also only where the default path is used. */
  readonly missingFile: 'fail' | 'create'
  /** Whether to wait until the database is there. */
  readonly wait: boolean
  /** What the run is called in pg_stat_activity and in the journal. */
  readonly command: string
  /**
   * `again`: the body may run anew on a new connection after one was lost, because it reads the
   * ledger first; `stop`: the outcome must be looked at by a person.
   */
  readonly onLostConnection: 'again' | 'stop'
}

const ATTEMPTS_AFTER_LOSS = 3

/** Opens the database, runs `body`, and closes it, whatever happens. */
export async function withDatabase<T>(
  context: Context,
  settings: Settings,
  options: ConnectOptions,
  body: (database: Database) => Promise<T>,
): Promise<T> {
  let isTold = false
  for (let attempt = 1; ; attempt += 1) {
    // A server that has just ended our session may be restarting.
    const wait = options.wait || attempt > 1
    const database = await connect(context, settings, { ...options, wait })
    try {
      return await body(database)
    } catch (error) {
      const again = options.onLostConnection === 'again' && attempt < ATTEMPTS_AFTER_LOSS
      if (!isLostConnection(error) || !again) throw error
      context.output.note('the connection was lost; starting over, the ledger says what is done')
    } finally {
      // One that nothing was written after is gone by then.
      await database.close()
      isTold ||= tellRestorePoint(context.output, database.restorePoint)
    }
  }
}

function isLostConnection(error: unknown): boolean {
  return error instanceof DatabaseError && error.facts.retry === 'connection'
}

async function connect(
  { output }: Context,
  settings: Settings,
  { missingFile, wait, command }: ConnectOptions,
): Promise<Database> {
  const { target, connectTimeoutMs, statementTimeoutMs, restorePoints } = settings
  output.detail(
    `environment ${settings.environment}: ${target.label} (from ${settings.targetSource})`,
  )
  const open = {
    applicationName: `tidegate ${VERSION} ${command}`,
    missingFile,
    connectTimeoutMs,
    statementTimeoutMs,
    restorePoints,
  }
  if (missingFile === 'create') announceNewFile(output, settings)
  if (!wait) return openDatabase(target, open)
  let told = ''
  return waitForDatabase(target, {
    ...open,
    waitMs: settings.waitMs,
    onRetry: (_attempt, { message }) => {
      if (message !== told) output.note(`waiting for the database: ${message}`)
      told = message
    },
  })
}

/** A mistyped path would otherwise pass for a deploy that went well. */
function announceNewFile(output: Output, { target, targetSource }: Settings): void {
  if (target.dialect !== 'sqlite' || existsSync(target.path)) return
  if (targetSource === 'default') makeFolder(dirname(target.path))
  output.warn(`${target.label} does not exist; a new database is made there`)
}

/** Opening the file says why where this fails. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch {
    return
  }
}
