import type { DatabaseReader } from '../database/contract.ts'
import { encodeLine } from '../snapshot/line.ts'
import type { DeclaredSeed } from '../seed/declare.ts'
import { readSeedWorld } from '../seed/plan.ts'
import type { SeedWorld } from '../seed/read.ts'
import type { Snapshot } from '../snapshot/file-source.ts'
import { Fingerprinter } from '../snapshot/fingerprint.ts'
import { type Cell, naturalKey, type Row } from '../snapshot/model.ts'
import type { Source } from '../snapshot/source.ts'
import type { SeededSide } from './compare-seeds.ts'
import { sideFacts } from './compare.ts'

/** A database as the seeds look at it. Never applied there, it holds nothing of tidegate's. */
export async function seededDatabase(
  source: Source,
  reader: DatabaseReader,
  seeds: readonly DeclaredSeed[],
  fingerprinter: Fingerprinter | null,
): Promise<SeededSide> {
  const { world, catalog } = await readSeedWorld(
    {
      database: reader,
      seeds,
      adoptions: [],
      fingerprinter: fingerprinter ?? new Fingerprinter(),
    },
    'if-present',
  )
  return { facts: sideFacts(source), catalog, world, fingerprinter, stale: null }
}

/** A snapshot as the seeds look at it; it has no ids, so the place of a row stands for its id. */
export function seededSnapshot(
  source: Source,
  { catalog, tables, stale, base }: Snapshot,
  fingerprinter: Fingerprinter | null,
): SeededSide {
  const channels = rowsOf(tables, 'channels', ['name', 'type'])
  const options = rowsOf(tables, 'options', ['key'])
  const idOf = (key: string): string =>
    channels.find((row) => lineOf(row, ['name', 'type']) === key)?.locator?.['id'] ?? ''
  const world: SeedWorld = {
    channels,
    options,
    abilities: [],
    optionTexts: new Map(
      options.map(({ cells }) => [cells.get('key') ?? '', cells.get('value') ?? null]),
    ),
    base: base.map(({ base: seed, rowKey, table, key, cells }) => ({
      seed,
      rowKey,
      table,
      rowId: table === 'channels' ? idOf(keyLine(key)) : (key[0] ?? ''),
      cells: JSON.stringify(cells),
    })),
    records: [],
  }
  const findings = stale.map(({ channel, ...counts }) => ({
    ...counts,
    key: channel,
    side: 'to' as const,
  }))
  return { facts: sideFacts(source), catalog, world, fingerprinter, stale: findings }
}

function rowsOf(tables: Snapshot['tables'], table: string, key: readonly string[]): Row[] {
  const { columns, rows } = tables.get(table) ?? { columns: [], rows: [] }
  return rows.map((row, index) => {
    const cells = new Map<string, Cell>(
      columns.map((name) => [name, Object.hasOwn(row, name) ? row[name]! : null]),
    )
    return {
      table,
      key: naturalKey(key.map((name) => cells.get(name) ?? null)),
      locator: { id: String(index + 1) },
      cells,
    }
  })
}

function lineOf({ cells }: Row, columns: readonly string[]): string {
  return keyLine(columns.map((name) => cells.get(name) ?? null))
}

function keyLine(key: readonly Cell[]): string {
  return encodeLine(key.map((text) => (text === null ? null : { storage: 'native', text })))
}
