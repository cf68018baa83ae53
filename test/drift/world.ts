import { after, before, beforeEach, describe } from 'node:test'
import Sqlite from 'better-sqlite3'
import type pg from 'pg'
import { DIALECTS, type DialectName, type Target } from '../../src/database/contract.ts'
import { openReader } from '../../src/database/open.ts'
import type { DriftReport } from '../../src/diff/drift-report.ts'
import type { Finding } from '../../src/diff/finding.ts'
import { compareSources } from '../../src/drift/compare.ts'
import type { DriftOptions } from '../../src/drift/report.ts'
import { openDatabaseSource } from '../../src/snapshot/database-source.ts'
import { Fingerprinter } from '../../src/snapshot/fingerprint.ts'
import { maskSecrets } from '../../src/snapshot/mask.ts'
import type { Source } from '../../src/snapshot/source.ts'
import { insertText, type Value } from '../seed/world.ts'
import { OPEN_OPTIONS } from '../support/databases.ts'
import type { GatewayFixture } from '../support/fixtures.ts'
import { createTestDatabase, sharedPostgres } from '../support/postgres.ts'
import { connectPostgres } from '../support/raw.ts'
import { createSqliteFile } from '../support/sqlite.ts'

/** Made up; long enough to be taken. */
export const FINGERPRINT_KEY = 'made-up-fingerprint-key-0123456789abcdef'

/** A database, and one connection past tidegate to what is in it. */
export interface Side {
  readonly dialect: DialectName
  readonly target: Target
  execute(text: string): Promise<void>
  insert(table: string, cells: Readonly<Record<string, Value>>): Promise<void>
}

/** Two databases of one gateway, as the sides of a comparison. */
export interface Pair {
  readonly from: Side
  readonly to: Side
  /** The same row on both. */
  insert(table: string, cells: Readonly<Record<string, Value>>): Promise<void>
  execute(text: string): Promise<void>
}

/**
 * Declares the same tests with SQLite on the left and on the right, on two databases that are
 * emptied before each test. To be called at the top of the file.
 */
export function forBothDirections(
  fixture: GatewayFixture,
  suite: (pair: Pair) => void,
  prepare: (side: Side) => Promise<void> = async () => undefined,
): void {
  const sides = testSides(fixture, prepare)
  for (const left of DIALECTS) {
    const right = left === 'sqlite' ? 'postgres' : 'sqlite'
    describe(`${left} with ${right}`, () => {
      beforeEach(async () => {
        for (const side of Object.values(sides())) await empty(side)
      })
      suite(pairOf(lazySide(left, sides), lazySide(right, sides)))
    })
  }
}

/** The same with SQLite on the left only. */
export function forOnePair(fixture: GatewayFixture, suite: (pair: Pair) => void): void {
  const sides = testSides(fixture, async () => undefined)
  beforeEach(async () => {
    for (const side of Object.values(sides())) await empty(side)
  })
  suite(pairOf(lazySide('sqlite', sides), lazySide('postgres', sides)))
}

type Sides = Readonly<Record<DialectName, Side>>

function testSides(fixture: GatewayFixture, prepare: (side: Side) => Promise<void>): () => Sides {
  const startServer = sharedPostgres()
  const cleanups: (() => Promise<void>)[] = []
  let sides: Sides | undefined
  before(async () => {
    const postgres = await createTestDatabase(await startServer(), { fixture })
    const file = await createSqliteFile({ fixture })
    cleanups.push(
      () => postgres.drop(),
      () => file.drop(),
    )
    sides = {
      sqlite: sqliteSide(file.target),
      postgres: postgresSide(postgres.target, await connectPostgres(postgres.target)),
    }
    for (const side of Object.values(sides)) await prepare(side)
  })
  after(async () => {
    for (const cleanup of cleanups) await cleanup()
  })
  return () => sides!
}

function sqliteSide(target: Extract<Target, { dialect: 'sqlite' }>): Side {
  const handle = new Sqlite(target.path)
  handle.pragma('foreign_keys = off')
  handle.pragma('synchronous = off')
  const execute = async (text: string): Promise<void> => void handle.exec(text)
  return { dialect: 'sqlite', target, execute, insert: insertWith('sqlite', execute) }
}

/** It ends with its database, which is dropped by force. */
function postgresSide(target: Target, client: pg.Client): Side {
  ;(client as pg.Client & { unref(): void }).unref()
  const execute = async (text: string): Promise<void> => void (await client.query(text))
  return { dialect: 'postgres', target, execute, insert: insertWith('postgres', execute) }
}

function insertWith(dialect: DialectName, execute: Side['execute']): Side['insert'] {
  return (table, cells) => execute(insertText(dialect, table, cells))
}

/** A side that is there once the tests run. */
function lazySide(dialect: DialectName, sides: () => Sides): Side {
  return {
    dialect,
    get target() {
      return sides()[dialect].target
    },
    execute: (text) => sides()[dialect].execute(text),
    insert: (table, cells) => sides()[dialect].insert(table, cells),
  }
}

function pairOf(from: Side, to: Side): Pair {
  const both = async (body: (side: Side) => Promise<void>): Promise<void> => {
    await Promise.all([from, to].map(body))
  }
  return {
    from,
    to,
    insert: (table, cells) => both((side) => side.insert(table, cells)),
    execute: (text) => both((side) => side.execute(text)),
  }
}

const TABLES = [
  'channels',
  'abilities',
  'options',
  'models',
  'vendors',
  'prefill_groups',
  'users',
  'tokens',
]

async function empty(side: Side): Promise<void> {
  await side.execute(TABLES.map((table) => `delete from ${table};`).join(' '))
}

export interface CompareOptions extends Partial<DriftOptions> {
  /** Null: secrets are only told to be set or empty. */
  readonly fingerprintKey?: string | null
}

/** Compares two databases as the command does, with a key that both share. */
export async function compare(
  { from, to }: { readonly from: Target; readonly to: Target },
  options: CompareOptions = {},
): Promise<DriftReport> {
  const { fingerprintKey = FINGERPRINT_KEY } = options
  const fingerprinter =
    fingerprintKey === null ? null : new Fingerprinter(Buffer.from(fingerprintKey))
  return withSource('local', from, fingerprinter, (left) =>
    withSource('production', to, fingerprinter, (right) =>
      compareSources(left, right, { ...driftOptions(fingerprinter), ...options }),
    ),
  )
}

async function withSource<T>(
  name: string,
  target: Target,
  fingerprinter: Fingerprinter | null,
  body: (source: Source) => Promise<T>,
): Promise<T> {
  const reader = await openReader(target, OPEN_OPTIONS)
  try {
    return await body(await openDatabaseSource(name, reader, fingerprinter))
  } finally {
    await reader.close()
  }
}

function driftOptions(fingerprinter: Fingerprinter | null): DriftOptions {
  return {
    base: null,
    named: [],
    accepted: [],
    environment: 'production',
    failOn: 'warning',
    maxFindings: 1_000,
    mask: maskSecrets(fingerprinter),
    toolVersion: '0.0.0',
    commands: new Set(['drift', 'accept']),
    locate: () => null,
    isEnsured: () => false,
  }
}

export function comparePair(pair: Pair, options: CompareOptions = {}): Promise<DriftReport> {
  return compare({ from: pair.from.target, to: pair.to.target }, options)
}

/**
 * `kind class table key: column.path …`, the same for the same finding whatever its values. Of a
 * row that one side lacks, cells say nothing.
 */
export function outline({ kind, class: found, table, key, side, cells }: Finding): string {
  const names = cells
    .map(({ column, path }) => (path === null ? column : `${column}.${path}`))
    .toSorted()
  const of = side === null ? '' : ` of ${side}`
  const place = `${kind} ${found} ${table} ${key.join('|')}${of}`
  return kind === 'changed' ? `${place}: ${names.join(' ')}` : place
}

export function outlines({ findings }: Pick<DriftReport, 'findings'>): string[] {
  return findings.map(outline).toSorted()
}
