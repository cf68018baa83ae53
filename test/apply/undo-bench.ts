import { sql } from 'kysely'
import { JournalKey } from '../../src/apply/journal-key.ts'
import { newRun, type Run } from '../../src/apply/run.ts'
import { undoRun, type UndoPlan } from '../../src/apply/undo-run.ts'
import { applyChanges } from '../../src/apply/writer.ts'
import type { Change } from '../../src/diff/change.ts'
import type { Catalog } from '../../src/database/contract.ts'
import type { TestDatabase } from '../support/databases.ts'
import { executeRaw } from '../support/raw.ts'
import { type Bench, type Cells, CHANNEL, EMPTY_TABLES } from './harness.ts'

export const KEY = new JournalKey('made-up-journal-key-0123456789abcdef')

export const GATEWAY = ['channels', 'abilities', 'options'] as const

const LOCK = { timeoutMs: 10_000 }

/** Runs that write one database and are undone. */
export class UndoBench {
  readonly made: TestDatabase & { readonly bench: Bench }
  #catalog: Catalog | null = null
  #startedAt = Date.UTC(2026, 0, 1)

  constructor(made: TestDatabase & { readonly bench: Bench }) {
    this.made = made
  }

  async reset(): Promise<void> {
    // Nobody pulls the plug on a test.
    if (this.made.dialect === 'sqlite') await this.texts('pragma synchronous = off')
    await executeRaw(this.made.target, `${EMPTY_TABLES} delete from tidegate_base`)
  }

  /** Each a second after the one before, so that they sort. */
  run(command: string, key?: JournalKey): Run {
    this.#startedAt += 1_000
    const facts = { command, environment: 'test', toolVersion: '0.0.0-test' }
    const journalKey = key === undefined ? {} : { journalKey: key }
    return newRun({ ...facts, ...journalKey }, new Date(this.#startedAt))
  }

  async write(changes: readonly Change[], key?: JournalKey): Promise<string> {
    const run = this.run('test', key)
    await this.writeAs(run, changes)
    return run.id
  }

  async writeAs(run: Run, changes: readonly Change[]): Promise<void> {
    const { database, fingerprinter, secrets } = this.made.bench
    const catalog = (this.#catalog ??= await database.catalog())
    const input = { database, catalog, fingerprinter, secrets, changes, run, source: 'test' }
    await database.transaction(() => applyChanges(input))
  }

  /** A channel that exists, written by nobody's run. */
  async given(cells: Cells, id: number): Promise<void> {
    await this.write(await this.made.bench.planChannel({ ...CHANNEL, ...cells }, null))
    await executeRaw(
      this.made.target,
      `update channels set id = ${id} where name = '${cells['name']}';
       update abilities set channel_id = ${id} where channel_id not in (select id from channels);
       delete from tidegate_journal; delete from tidegate_runs`,
    )
  }

  plan(cells: Cells, id: string | null): Promise<Change[]> {
    return this.made.bench.planChannel(id === null ? { ...CHANNEL, ...cells } : cells, id)
  }

  async undo(runId: string, key?: JournalKey): Promise<UndoPlan & { readonly undoneBy: string }> {
    const run = this.run('undo', key)
    const { database } = this.made.bench
    const result = await undoRun({ database, runId, run, lock: LOCK })
    return { ...result, undoneBy: run.id }
  }

  /** Every row of the gateway's tables, as text that differs when a byte or a type differs. */
  rows(): Promise<string[][]> {
    return this.#exact(GATEWAY)
  }

  /** Everything that tidegate keeps of its runs. */
  journal(): Promise<string[][]> {
    return this.#exact(['tidegate_journal', 'tidegate_runs', 'tidegate_base'])
  }

  /** Rows of a query as texts, on the connection that is open. */
  async texts(query: string): Promise<string[]> {
    const { rows } = await sql.raw<object>(query).execute(this.made.database.queries)
    return rows.map((row) => Object.values(row).map(String).join(' '))
  }

  async #exact(tables: readonly string[]): Promise<string[][]> {
    this.#catalog ??= await this.made.database.catalog()
    const found: string[][] = []
    for (const table of tables) {
      const cells = [...this.#catalog.get(table)!.keys()].map((name) => {
        // The driver makes one text of all bytes that are not UTF-8.
        return `'${name}=' || typeof("${name}") || quote("${name}") || hex("${name}")`
      })
      const text = this.made.dialect === 'sqlite' ? cells.join(` || ' | ' || `) : 't::text'
      found.push((await this.texts(`select ${text} as row from "${table}" as t`)).toSorted())
    }
    return found
  }
}
