import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { DatabaseReader, StreamRequest } from '../../src/database/contract.ts'
import { decodeLine, decodeText } from '../../src/snapshot/line.ts'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { executeRaw } from '../support/raw.ts'
import { openTestReader, readLines } from '../support/readers.ts'
import { column } from '../support/stream-rows.ts'

const REQUEST: StreamRequest = {
  table: 'gathered',
  columns: [column('owner', 'integer'), column('v', 'text'), column('n', 'integer')],
  keyLength: 1,
}

/** SQL of the rows of each owner. */
const ROWS: Readonly<Record<string, readonly string[]>> = {
  plain: [`(1, 'a', 1)`, `(1, 'b', 2)`, `(1, 'a', 1)`],
  'tabs and line ends': [`(2, 'a\tb', 1)`, `(2, 'c\nd', 2)`, `(2, 'e\rf', 3)`, `(2, 'plain', 4)`],
  'backslashes before letters of escapes': [`(3, '\\n\\t\\N\\\\n', 1)`, `(3, '\\', 2)`],
  'empty and NULL': [`(4, null, null)`, `(4, '', 0)`, `(4, '\\N', 0)`],
  'characters of several units': [`(5, '🔑ключ\uFFFD', 1)`, `(5, '\u000b\u0008\u000c', 2)`],
  'an owner of one row': [`(-6, 'x', 9007199254740993)`],
  'no owner': [`(null, 'x', 1)`, `(null, 'y\t', 2)`],
}

/** Values that only SQLite keeps: texts where numbers belong, bytes that are no text. */
const STORED = [`(7, 1.5, 'x')`, `(7, x'ff', x'31')`, `(7, cast(x'61ff09' as text), '\\')`]

forEachDialect((dialect, create) => {
  let made: TestDatabase
  let reader: DatabaseReader
  before(async () => {
    made = await create({ fixture: 'n25' })
    reader = await openTestReader(made.target)
    const type = dialect === 'sqlite' ? 'integer' : 'bigint'
    const rows = [...Object.values(ROWS).flat(), ...(dialect === 'sqlite' ? STORED : [])]
    await executeRaw(
      made.target,
      `create table gathered (owner ${type}, v text, n ${type});
       insert into gathered values ${rows.join()}`,
    )
  })

  const cells = (line: string) => JSON.stringify(decodeLine(line))

  async function rowsByOwner(request: StreamRequest): Promise<Record<string, string[]>> {
    const rows: Record<string, string[]> = {}
    for (const line of await readLines(reader, request)) {
      const [owner, ...rest] = line.split('\t')
      ;(rows[owner!] ??= []).push(cells(rest.join('\t')))
    }
    return Object.fromEntries(Object.entries(rows).map(([key, lines]) => [key, lines.toSorted()]))
  }

  async function gatheredByOwner(request: StreamRequest): Promise<Record<string, string[]>> {
    const lines = await readLines(reader, { ...request, gathered: true })
    const pairs = lines.map((line): [string, string[]] => {
      const [owner, text, ...rest] = line.split('\t')
      assert.deepEqual(rest, [])
      return [owner!, decodeText(text!).split('\n').map(cells).toSorted()]
    })
    assert.equal(new Set(pairs.map(([owner]) => owner)).size, pairs.length)
    return Object.fromEntries(pairs)
  }

  test('gathered lines hold the lines of the rows', async () => {
    const rows = await rowsByOwner(REQUEST)
    const owners = Object.keys(ROWS).length + (dialect === 'sqlite' ? 1 : 0)
    assert.equal(Object.keys(rows).length, owners)
    assert.deepEqual(await gatheredByOwner(REQUEST), rows)
  })

  test('only rows of wanted buckets are gathered', async () => {
    const buckets = { count: 4, wanted: new Set([0, 1]) }
    const some = await gatheredByOwner({ ...REQUEST, buckets })
    assert.deepEqual(some, await rowsByOwner({ ...REQUEST, buckets }))
    assert.ok(Object.keys(some).length < Object.keys(ROWS).length)
  })
})
