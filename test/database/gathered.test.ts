import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import {
  type DatabaseReader,
  type GatheredRows,
  type GatherRequest,
  LIST_SEPARATOR,
} from '../../src/database/contract.ts'
import { decodeField } from '../../src/snapshot/line.ts'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { executeRaw } from '../support/raw.ts'
import { openTestReader, readLines } from '../support/readers.ts'
import { column } from '../support/stream-rows.ts'

const REQUEST: GatherRequest = {
  table: 'gathered',
  key: column('owner', 'integer'),
  listed: [column('v', 'text'), column('w', 'text')],
  common: [column('b', 'boolean'), column('i', 'integer'), column('s', 'text')],
}

/** SQL of rows that can be told, by owner. */
const TOLD: Readonly<Record<string, readonly string[]>> = {
  1: [`'x', '1', false, 5, 'tag'`, `'y', '2', false, 5, 'tag'`, `'x', '1', false, 5, 'tag'`],
  2: [
    `'', '', true, -9007199254740993, 'a\tb\\N\n'`,
    `'', '', true, -9007199254740993, 'a\tb\\N\n'`,
  ],
  3: [`'x', '1', null, null, null`, `'y', '2', null, null, null`],
  4: [`'🔑ключ', '\u0001', true, 0, '\\N'`],
  '-6': [`'x', '1', true, 0, ''`],
}

/** SQL of rows that can not. */
const UNTOLD: Readonly<Record<string, readonly string[]>> = {
  10: [`'x', '1', true, 5, 'T'`, `'x', '1', true, 5, 't'`],
  11: [`'x', '1', true, 5, 't'`, `'x', '1', false, 5, 't'`],
  12: [`'x', '1', true, 5, 't'`, `'x', '1', true, 6, 't'`],
  13: [`'x', '1', true, 5, 't'`, `'x', '1', true, 5, 'T'`],
  14: [`'x', '1', true, 5, ''`, `'x', '1', true, 5, null`],
  15: [`'x', '1', null, 5, 't'`, `'x', '1', true, 5, 't'`],
  16: [`'x', '1', true, 5, 't'`, `'x', '1', true, null, 't'`],
  17: [`null, '1', true, 5, 't'`, `'y', '2', true, 5, 't'`],
  18: [`null, '1', true, 5, 't'`],
  // Each of these could be taken for the two rows of owner 1 that differ.
  19: [`'x${LIST_SEPARATOR}y', '1${LIST_SEPARATOR}2', false, 5, 'tag'`],
  20: [
    `'x${LIST_SEPARATOR}y', '1${LIST_SEPARATOR}2', false, 5, 'tag'`,
    `null, null, false, 5, 'tag'`,
  ],
}

/** Names that COPY escapes, and that lie in a file as they are. */
const ESCAPED: Readonly<Record<string, readonly string[]>> = {
  5: [`'x', 'a\tb', true, 5, 't'`],
  6: [`'x', 'a\nb\r', true, 5, 't'`],
  7: [`'\\N', 'a', true, 5, 't'`],
  8: [`'x', '\u000b\u0008\u000c', true, 5, 't'`],
}

/** What only SQLite keeps: texts where numbers belong, bytes that are no text. */
const STORED: Readonly<Record<string, readonly string[]>> = {
  21: [`'x', '1', 1, 5, 't'`, `'x', '1', 1, 5, x'74'`],
  22: [`'x', '1', 1, 5, 't'`, `'x', '1', 1, 'five', 't'`],
  23: [`'x', '1', 1, 5, cast(x'ff' as text)`, `'x', '1', 1, 5, cast(x'fe' as text)`],
  24: [`x'78', '1', 1, 5, 't'`],
  25: [`cast(x'ff' as text), '1', 1, 5, 't'`],
}

const STORED_TOLD: Readonly<Record<string, readonly string[]>> = {
  31: [`'x', '1', 2, 1.5, x'74'`, `'y', '2', 2, 1.5, x'74'`],
}

forEachDialect((dialect, create) => {
  const told = { ...TOLD, ...(dialect === 'sqlite' ? { ...ESCAPED, ...STORED_TOLD } : {}) }
  const untold = { ...UNTOLD, ...(dialect === 'sqlite' ? STORED : ESCAPED) }
  let made: TestDatabase
  let reader: DatabaseReader
  before(async () => {
    made = await create({ fixture: 'n25' })
    reader = await openTestReader(made.target)
    const [integer, boolean] = dialect === 'sqlite' ? ['integer', 'numeric'] : ['bigint', 'boolean']
    // For these `T` and `t` are equal.
    const collation = dialect === 'sqlite' ? 'nocase' : 'no_case'
    if (dialect === 'postgres') {
      await executeRaw(
        made.target,
        `create collation no_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`,
      )
    }
    const rows = Object.entries({ ...told, ...untold }).flatMap(([owner, all]) =>
      all.map((values) => `(${owner}, ${values})`),
    )
    await executeRaw(
      made.target,
      `create table gathered (owner ${integer}, v text, w text, b ${boolean}, i ${integer}, s text collate ${collation});
       insert into gathered values ${rows.join()}`,
    )
  })

  async function gather(request: GatherRequest): Promise<GatheredRows[]> {
    const found: GatheredRows[] = []
    for await (const batch of reader.gather(request)) found.push(...batch)
    return found
  }

  /** Rows of each owner, from a stream: fields of the common columns, then names. */
  async function rowsByOwner(): Promise<Map<string, string[][]>> {
    const { table, key, listed, common } = REQUEST
    const columns = [key, ...common, ...listed]
    const lines = await readLines(reader, { table, columns, keyLength: 1 })
    const rows = lines.map((line) => line.split('\t'))
    const grouped = Map.groupBy(rows, ([owner]) => owner!)
    return new Map([...grouped].map(([owner, all]) => [owner, all.map((row) => row.slice(1))]))
  }

  test('rows that differ in names only are told as they are', async () => {
    const rows = await rowsByOwner()
    const found = (await gather(REQUEST)).filter(isTold)
    assert.deepEqual(found.map(({ key }) => key).toSorted(), Object.keys(told).toSorted())
    for (const { key, rows: count, common, listed } of found) {
      const [names, others] = listed.map((text) => text.split(LIST_SEPARATOR))
      assert.equal(names!.length, count)
      const lines = names!.map((name, place) => [...common!, name, others![place]])
      const expected = rows.get(key)!.map((fields) => fields.map(decodedName))
      assert.deepEqual(lines.map(textOf).toSorted(), expected.map(textOf).toSorted())
    }
  })

  test('rows that cannot be told are counted', async () => {
    const found = (await gather(REQUEST)).filter((one) => !isTold(one))
    const counts = Object.fromEntries(found.map(({ key, rows }) => [key, rows]))
    const expected = Object.entries(untold).map(([owner, rows]) => [owner, rows.length])
    assert.deepEqual(counts, Object.fromEntries(expected))
  })

  test('keys come in their order, and only those of wanted buckets', async () => {
    const all = (await gather(REQUEST)).map(({ key }) => key)
    assert.deepEqual(
      all,
      all.toSorted((a, b) => Number(a) - Number(b)),
    )
    const buckets = { count: 4, wanted: new Set([0, 1]) }
    const some = (await gather({ ...REQUEST, buckets })).map(({ key }) => key)
    const { table, key } = REQUEST
    const lines = await readLines(reader, { table, columns: [key], keyLength: 1, buckets })
    assert.deepEqual(some, [...new Set(lines)])
    assert.ok(some.length > 0 && some.length < all.length)
  })
})

/** See `GatheredRows`. */
function isTold({ rows, common, listed }: GatheredRows): boolean {
  return common !== null && listed.every((text) => text.split(LIST_SEPARATOR).length === rows)
}

function textOf(fields: readonly unknown[]): string {
  return JSON.stringify(fields)
}

/** A name as it is; fields of common columns stay fields. */
function decodedName(field: string, place: number): string {
  return place < REQUEST.common.length ? field : decodeField(field)!.text
}
