import type { GatewayName } from '../config/define.ts'
import { sql } from 'kysely'
import { applyChanges } from '../apply/writer.ts'
import { SecretValues } from '../apply/secrets.ts'
import type { Run } from '../apply/run.ts'
import { undoSource } from '../apply/undo.ts'
import type { Catalog, Database } from '../database/contract.ts'
import { ABILITY_SOURCE_COLUMNS, diffAbilities } from '../diff/abilities.ts'
import type { Change } from '../diff/change.ts'
import { diffRow } from '../diff/rows.ts'
import { isWrongStorage } from '../gateway/cells.ts'
import { Fingerprinter } from '../snapshot/fingerprint.ts'
import type { Row } from '../snapshot/model.ts'
import { readRows } from '../snapshot/read.ts'
import type { ChannelLists, MigrationContext } from './define.ts'

export interface ContextInput {
  readonly database: Database
  readonly gateway: GatewayName
  readonly run: Run
  readonly name: string
  readonly notes: ReadonlyMap<string, string>
}

/** What one migration gets beside its connection. */
export class DatabaseMigrationContext implements MigrationContext {
  readonly dialect
  readonly gateway
  readonly notes: Map<string, string>
  readonly #database: Database
  readonly #run: Run
  readonly #source: string

  constructor({ database, gateway, run, name, notes }: ContextInput) {
    this.dialect = database.dialect
    this.gateway = gateway
    this.notes = new Map(notes)
    this.#database = database
    this.#run = run
    this.#source = `migration:${name}`
  }

  catalog(): Promise<Catalog> {
    return this.#database.catalog()
  }

  async rewriteChannels(rewrite: (lists: ChannelLists) => ChannelLists): Promise<number> {
    const catalog = await this.catalog()
    const fingerprinter = new Fingerprinter()
    const database = this.#database
    const [channels = []] = await readRows(database, catalog, fingerprinter, [
      { table: 'channels', columns: ABILITY_SOURCE_COLUMNS },
    ])
    const rewrites = channels.flatMap((channel) => rewriteChannel(channel, rewrite))
    if (rewrites.length === 0) return 0
    const ids = rewrites.map(({ channel }) => channel.locator!['id']!)
    const [abilities = []] = await readRows(database, catalog, fingerprinter, [
      {
        table: 'abilities',
        columns: ['enabled', 'priority', 'weight', 'tag'],
        where: () =>
          sql<boolean>`cast(${sql.ref('abilities.channel_id')} as text) in (${sql.join(ids)})`,
      },
    ])
    const changes = rewrites.flatMap((entry) => [entry.change, ...rebuild(entry, abilities)])
    await applyChanges({
      database,
      catalog,
      fingerprinter,
      changes,
      secrets: new SecretValues(),
      run: this.#run,
      source: this.#source,
    })
    return rewrites.length
  }

  async undoRows(): Promise<number> {
    return undoSource({
      database: this.#database,
      catalog: await this.catalog(),
      run: this.#run,
      source: this.#source,
    })
  }
}

interface Rewrite {
  readonly channel: Row
  readonly desired: Row
  readonly change: Change
}

function rewriteChannel(channel: Row, rewrite: (lists: ChannelLists) => ChannelLists): Rewrite[] {
  // What stands for a value that is no text must not be written as one.
  if (ABILITY_SOURCE_COLUMNS.some((name) => isWrongStorage(channel.cells.get(name) ?? null))) {
    return []
  }
  const lists = {
    models: channel.cells.get('models') ?? null,
    group: channel.cells.get('group') ?? null,
  }
  const cells = new Map(Object.entries(rewrite(lists)))
  const desired: Row = { ...channel, cells }
  const change = diffRow(desired, channel)
  return change === null ? [] : [{ channel, desired, change }]
}

function rebuild({ channel, desired }: Rewrite, abilities: readonly Row[]): Change[] {
  const channelId = channel.locator!['id']!
  const change = diffAbilities({
    key: channel.key,
    channelId,
    channel: new Map([...channel.cells, ...desired.cells]),
    current: abilities.filter((row) => row.locator!['channel_id'] === channelId),
  })
  return change === null ? [] : [change]
}
