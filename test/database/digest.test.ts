import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { before, test } from 'node:test'
import type { DatabaseReader, DialectName, StreamColumn } from '../../src/database/contract.ts'
import { decodeLine, encodeLine } from '../../src/snapshot/line.ts'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { databaseFailureOf } from '../support/failures.ts'
import { padKey } from '../support/fingerprints.ts'
import { executeRaw } from '../support/raw.ts'
import { openTestReader, readLines } from '../support/readers.ts'

const KEY = padKey(Buffer.from('made-up key of the fingerprints'))

const VALUES = [
  'plain',
  '',
  '\\N',
  '\\',
  '\\\\t',
  'a\tb',
  '\n',
  '\r\n',
  '\b\f\v',
  'ключ 🔑',
  `'"`,
  '\\x41',
]

const COLUMNS: StreamColumn[] = [
  { name: 'k', family: 'text' },
  { name: 'n', family: 'integer' },
  { name: 'n', family: 'integer', reference: { table: 'other', show: 'name' } },
  { name: 'b', family: 'boolean' },
  { name: 'r', family: 'number' },
  { name: 'j', family: 'json' },
  { name: 's', family: 'text', hide: { domain: 'd', key: KEY } },
  { name: 's', family: 'text', hide: 'state' },
]

const REQUEST = { table: 't', columns: COLUMNS, keyLength: 2 }

const TYPES: Record<DialectName, string> = {
  sqlite: 'k text, n bigint, b numeric, r real, j json, s text, gone text',
  postgres: 'k text, n bigint, b boolean, r double precision, j json, s text, gone text',
}

const seen: Partial<Record<DialectName, unknown>> = {}

forEachDialect((dialect, create) => {
  let made: TestDatabase
  let reader: DatabaseReader
  before(async () => {
    made = await create()
    reader = await openTestReader(made.target)
    await executeRaw(
      made.target,
      `create table t (${TYPES[dialect]});
       create table other (id bigint, name text);
       insert into other values (0, 'zero'), (1, 'tab\t');
       insert into t values ${rowsOf(dialect).join()}`,
    )
  })

  for (const count of [1, 7, 4096]) {
    test(`${count} buckets hold what Node makes of the lines`, async () => {
      const lines = await readLines(reader, REQUEST)
      assert.equal(lines.length, 2 * VALUES.length + 300)
      const digests = await reader.digest(REQUEST, count)
      assert.deepEqual(sorted(digests!), sorted(digestsOf(lines, count)))
    })
  }

  test('a stream of buckets gives the lines of those buckets', async () => {
    const lines = await readLines(reader, REQUEST)
    const wanted = new Set([0, 3, 6])
    const some = await readLines(reader, { ...REQUEST, buckets: { count: 7, wanted } })
    assert.deepEqual(
      some,
      lines.filter((line) => wanted.has(bucketOf(canonical(line), 7))),
    )
    assert.ok(some.length > 50)
    const none = { ...REQUEST, buckets: { count: 7, wanted: new Set<number>() } }
    assert.deepEqual(await readLines(reader, none), [])
  })

  test('the rows that do not count are left out', async () => {
    const digests = await reader.digest({ ...REQUEST, whereNull: 'gone' }, 1)
    assert.equal(digests!.get(0)!.rows, 2 * VALUES.length)
  })

  test('a table without rows has no buckets; one that is missing is an error', async () => {
    await executeRaw(made.target, 'create table empty (k text)')
    const request = { columns: COLUMNS.slice(0, 1), keyLength: 1 }
    assert.deepEqual(await reader.digest({ ...request, table: 'empty' }, 8), new Map())
    await databaseFailureOf(reader.digest({ ...request, table: 'nonsense' }, 8))
  })

  test('both dialects say the same', async () => {
    seen[dialect] = sorted((await reader.digest(REQUEST, 64))!)
    if (dialect === 'postgres') assert.deepEqual(seen.postgres, seen.sqlite)
  })
})

function rowsOf(dialect: DialectName): string[] {
  const quote = (text: string) =>
    dialect === 'sqlite'
      ? `cast(x'${Buffer.from(text).toString('hex')}' as text)`
      : `convert_from(decode('${Buffer.from(text).toString('hex')}', 'hex'), 'UTF8')`
  const json = dialect === 'sqlite' ? `cast('{"a": "\\n"}' as blob)` : `'{"a": "\\n"}'`
  const nasty = VALUES.flatMap((value, index) => [
    `(${quote(value)}, ${index}, true, ${index / 8}, ${json}, ${quote(value)}, null)`,
    `(${quote(value)}, null, null, null, null, null, null)`,
  ])
  const many = Array.from(
    { length: 300 },
    (_, index) => `('k${index}', ${-index}, false, -1.5, null, 'sk-${index}', 'gone')`,
  )
  return [...nasty, ...many]
}

/** COPY escapes three characters more, which a digest's line does not. */
function canonical(line: string): string {
  return encodeLine(decodeLine(line))
}

function bucketOf(line: string, count: number): number {
  const key = line.split('\t').slice(0, 2).join('\t')
  return createHash('sha256').update(key, 'utf8').digest().readUInt32BE(0) % count
}

function digestsOf(lines: readonly string[], count: number) {
  const buckets = new Map<number, { rows: number; xor: bigint }>()
  for (const line of lines.map(canonical)) {
    const number = bucketOf(line, count)
    const { rows, xor } = buckets.get(number) ?? { rows: 0, xor: 0n }
    const hash = createHash('sha256').update(line, 'utf8').digest().readBigUInt64BE(0)
    buckets.set(number, { rows: rows + 1, xor: xor ^ hash })
  }
  return new Map(
    [...buckets].map(([number, { rows, xor }]) => {
      return [number, { rows, digest: xor.toString(16).padStart(16, '0') }]
    }),
  )
}

function sorted(digests: ReadonlyMap<number, unknown>): [number, unknown][] {
  return [...digests].toSorted(([a], [b]) => a - b)
}
