import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { DatabaseReader } from '../../src/database/contract.ts'
import { executeRaw } from '../support/raw.ts'
import { openTestReader } from '../support/readers.ts'
import { createSqliteFile, type SqliteFile } from '../support/sqlite.ts'

let file: SqliteFile
let reader: DatabaseReader

before(async () => {
  file = await createSqliteFile()
  reader = await openTestReader(file.target)
  const values = Object.keys(VALUES).map((value, index) => `(${index}, ${value}, 'after')`)
  await executeRaw(
    file.target,
    `create table texts (id integer primary key, name varchar(4), other text);
     insert into texts values ${values.join()};
     insert into texts values (98, 'good', x'ff'), (99, cast(x'c3' as text), cast(x'a9' as text))`,
  )
})
after(() => file.drop())

/** SQL of a value in a column of four characters, and its problem with its length. */
const VALUES: Readonly<Record<string, string | null>> = {
  "'good'": null,
  null: null,
  "''": null,
  "'🔑🔑🔑🔑'": null,
  '1234': null,
  "'longer'": 'too-long 6',
  "'🔑🔑🔑🔑🔑'": 'too-long 5',
  '12345': 'too-long 5',
  "'a' || char(0)": 'nul 2',
  "cast(x'61ff' as text)": 'not-utf8 2',
  "x'61ff'": 'not-utf8 2',
}

const found = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await reader.unfit(['texts'])).map(({ row, column, problem, length }) => [
      `${row} ${column}`,
      `${problem} ${length}`,
    ]),
  )

test('what an enforcing database would refuse is found, and nothing else', async () => {
  const rows = Object.values(VALUES).flatMap((problem, index) =>
    problem === null ? [] : [[`${index} name`, problem]],
  )
  const { '98 other': bytes, '99 name': half, '99 other': rest, ...others } = await found()
  assert.deepEqual(others, Object.fromEntries(rows))
  assert.equal(bytes, 'not-utf8 1')
  assert.deepEqual([half, rest], ['not-utf8 1', 'not-utf8 1'], 'halves of a character')
})
