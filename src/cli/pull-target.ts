import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Settings } from '../config/settings.ts'
import type { Catalog, SqliteTarget } from '../database/contract.ts'
import { openDatabase } from '../database/open.ts'
import { TidegateError } from '../errors.ts'
import { recogniseVersion } from '../gateway/versions.ts'
import { migrateUp } from '../migrate/runner.ts'
import type { Context } from './context.ts'
import { migrateInput } from './migrate-input.ts'
import type { DraftEnds } from './plan-input.ts'
import type { DatabaseSide } from './sides.ts'
import { VERSION } from './version.ts'
import { withDatabase } from './with-database.ts'

/**
 * The database that a pull writes to. A machine that has no file yet gets one, as `deploy` makes it,
 * once there is a plan for it: until then an empty one of the same tables stands for it.
 */
export class PullTarget {
  readonly #context: Context
  readonly #isDry: boolean
  #missing: Settings | null = null
  #folder: string | null = null

  constructor(context: Context, isDry: boolean) {
    this.#context = context
    this.#isDry = isDry
  }

  /** Prepares the database, and says which one is read in its place. */
  async prepare({ settings, to, catalog }: DraftEnds): Promise<DatabaseSide> {
    const { target } = to
    if (target.dialect === 'sqlite' && !existsSync(target.path)) {
      if (this.#isDry) throw nothingToCompare(target)
      this.#missing = likeSource(settings, catalog)
      return { ...to, target: await this.#makeStandIn(this.#missing, target) }
    }
    if (!this.#isDry) await this.#migrate(settings)
    return to
  }

  /** Makes the file that is missing. */
  async make(): Promise<void> {
    if (this.#missing !== null) await this.#migrate(this.#missing)
  }

  /** To be called when everything is read. */
  discard(): void {
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true })
  }

  async #makeStandIn(settings: Settings, missing: SqliteTarget): Promise<SqliteTarget> {
    this.#folder = mkdtempSync(join(tmpdir(), 'tidegate-pull-'))
    const target = { ...missing, path: join(this.#folder, 'empty.db') }
    const { connectTimeoutMs, statementTimeoutMs } = settings
    const database = await openDatabase(target, {
      applicationName: `tidegate ${VERSION} pull`,
      missingFile: 'create',
      connectTimeoutMs,
      statementTimeoutMs,
      restorePoints: 0,
    })
    try {
      await migrateUp({ ...migrateInput(this.#context, settings, database), onStep: () => {} }, {})
    } finally {
      await database.close()
    }
    return target
  }

  async #migrate(settings: Settings): Promise<void> {
    await withDatabase(
      this.#context,
      settings,
      { missingFile: 'create', wait: false, command: 'pull', onLostConnection: 'again' },
      (database) => migrateUp(migrateInput(this.#context, settings, database), {}),
    )
  }
}

function nothingToCompare({ label }: SqliteTarget): TidegateError {
  return new TidegateError('usage', `there is no file ${label} to compare with`, {
    nextStep: 'run it without --dry-run: the file is made, and nothing else is touched',
  })
}

/** A new database gets the tables of the gateway that its rows come from. */
function likeSource(settings: Settings, catalog: Catalog): Settings {
  const version = recogniseVersion(catalog)
  return version?.family === 'bltcy-fork' ? { ...settings, gateway: version.family } : settings
}
