import { newRun } from '../../src/apply/run.ts'
import { SecretValues } from '../../src/apply/secrets.ts'
import { undoSource } from '../../src/apply/undo.ts'
import { applyChanges } from '../../src/apply/writer.ts'
import type { Database } from '../../src/database/contract.ts'
import { diffAbilities } from '../../src/diff/abilities.ts'
import type { Change } from '../../src/diff/change.ts'
import { diffRow } from '../../src/diff/rows.ts'
import { migrateUp } from '../../src/migrate/runner.ts'
import { Secret } from '../../src/secret.ts'
import { Fingerprinter } from '../../src/snapshot/fingerprint.ts'
import { type Cell, naturalKey, type Row } from '../../src/snapshot/model.ts'
import { readRows } from '../../src/snapshot/read.ts'
import { inputFor } from '../migrate/harness.ts'
import type { CreateDatabase, TestDatabase } from '../support/databases.ts'
import type { GatewayFixture } from '../support/fixtures.ts'

export type Cells = Readonly<Record<string, Cell>>

export const CHANNEL: Cells = {
  name: 'made up',
  type: '1',
  key: 'sk-test-key',
  models: 'a,b',
  group: 'default',
  status: '1',
  priority: '0',
  weight: '0',
}

const SOURCE = 'test:made-up'

/** One plan against one database, as every command makes and applies it. */
export class Bench {
  readonly database: Database
  readonly fingerprinter = new Fingerprinter()
  readonly secrets = new SecretValues()

  constructor(database: Database) {
    this.database = database
  }

  declare(table: string, cells: Cells, keyParts: readonly Cell[]): Row {
    return {
      table,
      key: naturalKey(keyParts),
      locator: null,
      cells: new Map(Object.entries(cells)),
    }
  }

  /** A channel whose key is a secret known to the plan by its fingerprint. */
  channel(cells: Cells, { name = 'made up', type = '1' } = {}): Row {
    const row = this.declare('channels', cells, [name, type])
    const { key } = cells
    if (key === undefined || key === null) return row
    this.secrets.set('channels', row.key, 'key', new Secret(key))
    const fingerprint = this.fingerprinter.of('channels', 'key', key)
    return { ...row, cells: new Map([...row.cells, ['key', fingerprint]]) }
  }

  async read(table: string, columns: readonly string[]): Promise<Row[]> {
    const catalog = await this.database.catalog()
    const [rows = []] = await readRows(this.database, catalog, this.fingerprinter, [
      { table, columns },
    ])
    return rows
  }

  /** What must change for the channel, and for the abilities of what it will be. */
  async planChannel(cells: Cells, id: string | null): Promise<Change[]> {
    const columns = ['models', 'group', 'status', 'priority', 'weight', 'tag']
    const channels = await this.read('channels', [...columns, ...Object.keys(cells)])
    const current = channels.find(({ locator }) => locator!['id'] === id) ?? null
    const desired = this.channel(cells)
    const abilities = await this.read('abilities', ['enabled', 'priority', 'weight', 'tag'])
    const changes = [
      diffRow(desired, current),
      diffAbilities({
        key: desired.key,
        channelId: id,
        channel: new Map([...(current?.cells ?? []), ...desired.cells]),
        current: abilities.filter(({ locator }) => locator!['channel_id'] === id),
      }),
    ]
    return changes.filter((change) => change !== null)
  }

  async apply(
    changes: readonly Change[],
    { fingerprinter = this.fingerprinter }: { readonly fingerprinter?: Fingerprinter | null } = {},
  ): Promise<ReadonlyMap<string, string>> {
    const { database, secrets } = this
    const catalog = await database.catalog()
    const run = newRun({ command: 'test', environment: 'test', toolVersion: '0.0.0-test' })
    const input = { database, catalog, fingerprinter, secrets, changes, run, source: SOURCE }
    return database.transaction(() => applyChanges(input))
  }

  async undo(): Promise<number> {
    const { database } = this
    const catalog = await database.catalog()
    const run = newRun({ command: 'undo', environment: 'test', toolVersion: '0.0.0-test' })
    return database.transaction(() => undoSource({ database, catalog, run, source: SOURCE }))
  }
}

/** A gateway's database with tidegate's own tables. */
export async function migrated(
  create: CreateDatabase,
  fixture: GatewayFixture,
): Promise<TestDatabase & { readonly bench: Bench }> {
  const made = await create({ fixture })
  await migrateUp(inputFor(made.database), {})
  return { ...made, bench: new Bench(made.database) }
}

export const EMPTY_TABLES =
  'delete from channels; delete from abilities; delete from options; delete from tidegate_journal; delete from tidegate_runs;'
