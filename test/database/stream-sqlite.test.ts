import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { DatabaseReader, StreamColumn } from '../../src/database/contract.ts'
import { decodeLine } from '../../src/snapshot/line.ts'
import { hmacOf, padKey } from '../support/fingerprints.ts'
import { executeRaw } from '../support/raw.ts'
import { openTestReader, readLines } from '../support/readers.ts'
import { createSqliteFile, type SqliteFile } from '../support/sqlite.ts'

const KEY = Buffer.from('made-up key of the fingerprints')

let file: SqliteFile
let reader: DatabaseReader

before(async () => {
  file = await createSqliteFile()
  reader = await openTestReader(file.target)
})
after(() => file.drop())

interface StoredCase {
  readonly family: StreamColumn['family']
  /** SQL to what stands in the line. */
  readonly fields: Readonly<Record<string, string>>
}

/** Column without a type: every value lies as it is written. */
const STORED: readonly StoredCase[] = [
  {
    family: 'integer',
    fields: { '1': '1', '1.0': '\\R1', "'1'": '\\T1', "x'31'": '\\B1', null: '\\N' },
  },
  {
    family: 'number',
    fields: {
      '1': '1',
      '1.0': '1',
      '1e23': '1e+23',
      '9007199254740993': '9007199254740993',
      "'1'": '\\T1',
      "x'31'": '\\B1',
    },
  },
  {
    family: 'boolean',
    fields: { '1': 'true', '0': 'false', '2': '\\I2', '1.0': '\\R1', "'true'": '\\Ttrue' },
  },
  {
    family: 'text',
    fields: {
      "'1'": '1',
      "'\\N'": '\\\\N',
      "'\\T'": '\\\\T',
      "''": '',
      "'a' || char(0) || 'b'": 'a\0b',
      'char(9, 10, 13, 8)': '\\t\\n\\r\b',
      "'\\x41'": '\\\\x41',
      '1': '\\I1',
      '1.5': '\\R1.5',
      "x'31'": '\\B1',
      "x'09'": '\\B\\t',
      "x''": '\\B',
      "x'5c7831'": '\\B\\\\x5c7831',
      "x'ff31'": '\\B\\\\xff31',
      "cast(x'ff31' as text)": '\\B\\\\xff31',
      "cast(x'09ff5c' as text)": '\\B\\\\x09ff5c',
      'char(65533)': '\ufffd',
      "x'efbfbd'": '\\B\ufffd',
      "x'5c78efbfbd'": '\\B\\\\x5c78efbfbd',
      "cast(x'edA080' as text)": '\\B\\\\xeda080',
    },
  },
  {
    family: 'json',
    fields: {
      'cast(\'{"a": "\\n"}\' as blob)': '{"a": "\\\\n"}',
      "'{}'": '\\T{}',
      "x'ff'": '\\\\xff',
      "cast(x'ff' as text)": '\\B\\\\xff',
      "x'5c78'": '\\\\x5c78',
      '1': '\\I1',
    },
  },
  { family: 'time', fields: { "'2026-01-02'": '2026-01-02', '1': '\\I1' } },
  {
    family: 'bytes',
    fields: { "x'00Ff'": '\\\\x00ff', "x'41'": '\\\\x41', "x''": '\\\\x', "'a'": '\\Ta' },
  },
]

for (const { family, fields } of STORED) {
  test(`how ${family} is written and marked`, async () => {
    await executeRaw(file.target, 'drop table if exists t; create table t (id integer, v)')
    const entries = Object.entries(fields)
    const values = entries.map(([value], index) => `(${index}, ${value})`)
    await executeRaw(file.target, `insert into t values ${values.join()}`)
    const columns = [ID, { name: 'v', family }]
    const lines = await readLines(reader, { table: 't', columns, keyLength: 1 })
    assert.deepEqual(
      lines,
      entries.map(([, field], index) => `${index}\t${field}`),
    )
  })
}

const ID: StreamColumn = { name: 'id', family: 'integer' }

test('bytes that are not UTF-8 are told apart from U+FFFD, wherever they are', async () => {
  await executeRaw(
    file.target,
    `create table bad (k text, v text, w text);
     with recursive n(i) as (select 0 union all select i + 1 from n where i < 2999)
     insert into bad select
       printf('%05d', i) || case when i % 700 = 3 then cast(x'ff' as text) else '' end,
       case when i % 500 = 499 then cast(x'ff0941' as text) when i % 500 = 498 then char(65533)
         else 'fine' end,
       case when i % 1000 = 499 then null when i % 2 then x'fe' else 'tab' || char(9) end
     from n`,
  )
  const columns: StreamColumn[] = ['k', 'v', 'w'].map((name) => ({ name, family: 'text' }))
  const lines = await readLines(reader, { table: 'bad', columns, keyLength: 1 })
  const expected = Array.from({ length: 3000 }, (_, i) => {
    const digits = String(i).padStart(5, '0')
    const k =
      i % 700 === 3 ? `\\B\\\\x${Buffer.from(`${digits}\xff`, 'latin1').toString('hex')}` : digits
    const v = { 499: '\\B\\\\xff0941', 498: '\ufffd' }[i % 500] ?? 'fine'
    const w = i % 1000 === 499 ? '\\N' : i % 2 === 1 ? '\\B\\\\xfe' : 'tab\\t'
    return [k, v, w].join('\t')
  })
  assert.deepEqual(lines, expected)
})

test('fingerprints are of the bytes, also where they are not UTF-8', async () => {
  await executeRaw(
    file.target,
    `create table secrets (id integer, v);
     insert into secrets values (1, cast(x'736bff' as text)), (2, cast(x'736bfe' as text)),
       (3, 'sk' || char(65533)), (4, x'736bff'), (5, char(0)), (6, x'')`,
  )
  const hide = { domain: 'd', key: padKey(KEY) }
  const columns: StreamColumn[] = [
    ID,
    { name: 'v', family: 'text', hide },
    { name: 'v', family: 'text', hide: 'state' },
  ]
  const lines = await readLines(reader, { table: 'secrets', columns, keyLength: 1 })
  const printed = (text: string) => `${hmacOf(KEY, 'd', text)}\tset`
  assert.deepEqual(lines, [
    `1\t${printed('\\x736bff')}`,
    `2\t${printed('\\x736bfe')}`,
    `3\t${printed('sk\ufffd')}`,
    `4\t${printed('\\x736bff')}`,
    `5\t${printed('\0')}`,
    '6\t\t',
  ])
})

test('keys of no certain family are ordered by their text', async () => {
  await executeRaw(
    file.target,
    `create table mixed (v); insert into mixed values ('b'), (10), (9.5), (null), (x'61'), ('')`,
  )
  const columns: StreamColumn[] = [{ name: 'v', family: 'other' }]
  const lines = await readLines(reader, { table: 'mixed', columns, keyLength: 1 })
  const texts = lines.map((line) => decodeLine(line)[0]?.text ?? null)
  assert.deepEqual(texts, [null, '', '10', '9.5', 'a', 'b'])
})

test('two streams and a read at once', async () => {
  await executeRaw(
    file.target,
    `create table many (id integer);
     with recursive n(i) as (select 0 union all select i + 1 from n where i < 1999)
     insert into many select i from n`,
  )
  const request = { table: 'many', columns: [ID], keyLength: 1 }
  let batches = 0
  for await (const lines of reader.stream(request)) {
    batches += 1
    assert.equal((await readLines(reader, request)).length, 2000)
    const [rows] = await reader.read([{ table: 'many', columns: [ID] }])
    assert.equal(rows!.length, 2000)
    assert.ok(lines.length <= 500)
  }
  assert.equal(batches, 4)
})
