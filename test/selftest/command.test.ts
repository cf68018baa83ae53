import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import { reportSelftest } from '../../src/cli/commands/drift-selftest.ts'
import { Context } from '../../src/cli/context.ts'
import { Output } from '../../src/cli/output.ts'
import { difference, equal, type SelftestCase } from '../../src/selftest/case.ts'
import { SELFTEST_CASES } from '../../src/selftest/cases.ts'
import type { CaseResult } from '../../src/selftest/check.ts'
import { changed } from '../../src/selftest/expected.ts'
import { runSelftest } from '../../src/selftest/run.ts'
import { SHIPPED, testRun } from '../migrate/harness.ts'
import { runCli } from '../support/cli.ts'

const INPUT = { folder: SHIPPED, run: testRun('drift selftest') }

/** Where temporary folders are made while these tests run. */
let folder: string
const folders: string[] = []
const { TMPDIR } = process.env

beforeEach(async () => {
  folder = await mkdtemp(join(TMPDIR ?? tmpdir(), 'tidegate-test-'))
  folders.push(folder)
  process.env['TMPDIR'] = folder
})

after(async () => {
  if (TMPDIR === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = TMPDIR
  for (const one of folders) await rm(one, { recursive: true, force: true })
})

test('every case of SQLite holds, no other database is asked, and nothing is left', async () => {
  const cwd = await mkdtemp(join(folder, 'project-'))
  const temporary = await mkdtemp(join(folder, 'temporary-'))
  const env = {
    TMPDIR: temporary,
    TIDEGATE_ENV: 'production',
    SQL_DSN: 'postgres://nobody@127.0.0.1:1/nothing',
  }
  const run = await runCli(['drift', 'selftest', '--json'], { cwd, env })
  assert.equal(run.stderr, '')
  const { cases, ...facts } = run.json() as unknown as { cases: CaseResult[] }
  assert.deepEqual(
    cases.filter(({ holds }) => !holds),
    [],
  )
  const wanted = SELFTEST_CASES.filter(({ dialects }) => dialects.includes('sqlite'))
  assert.deepEqual(cases.map(({ name }) => name).toSorted(), wanted.map(nameOf).toSorted())
  const clean = cases.filter(({ kind }) => kind === 'equal').length
  const total = cases.length - clean
  assert.deepEqual(facts, {
    command: 'drift selftest',
    status: 'proven',
    differences: { total, held: total },
    equal: { total: clean, held: clean },
  })
  assert.equal(run.code, 0)
  const left = await readdir(temporary)
  assert.deepEqual(
    left.filter((name) => name.startsWith('tidegate')),
    [],
  )
})

const PRIORITY = 'update channels set auto_ban = 0 where id = 1'
const FOUND = changed(['channels', 'Team OpenAI', '1'], ['auto_ban'])

const FAILING: readonly (readonly [what: string, SelftestCase])[] = [
  ['a difference that is not found', difference('one', [], [FOUND])],
  ['a difference that nobody planted', equal('one', [PRIORITY])],
  ['another cell', difference('one', [PRIORITY], [{ ...FOUND, cells: ['weight'] }])],
  ['another key', difference('one', [PRIORITY], [{ ...FOUND, key: ['Team OpenAI', '2'] }])],
  ['another class', difference('one', [PRIORITY], [{ ...FOUND, class: 'runtime' }])],
  ['a finding too many', difference('one', [PRIORITY], [FOUND, FOUND])],
  [
    'a table that is incomplete',
    equal('one', [
      'drop table price_rules',
      'create table price_rules (code text, amount integer)',
    ]),
  ],
  ['rows that are counted', equal('one', [], { unlisted: 1 })],
]

test('a case fails for whatever is not as expected', async () => {
  const cases = FAILING.map(([what, one]) => ({ ...one, name: what }))
  const results = await runSelftest(INPUT, [
    difference('as expected', [PRIORITY], [FOUND]),
    ...cases,
  ])
  assert.deepEqual(results.filter(({ holds }) => holds).map(nameOf), ['as expected'])
})

test('the report says what was expected and what was found, and the exit code is 1', async () => {
  const results = await runSelftest(INPUT, [
    difference('found', [PRIORITY], [FOUND]),
    difference('not found', [], [FOUND]),
    equal('clean', []),
    equal('dirty', [PRIORITY]),
  ])
  const { text, exitCode } = printed(results)
  assert.equal(exitCode, 1)
  const row = 'changed (different, error) channels "Team OpenAI" "1": auto_ban'
  assert.equal(
    text,
    [
      '   case       expected',
      `✓  found      ${row}`,
      `✗  not found  ${row}`,
      '✓  clean      nothing',
      '✗  dirty      nothing',
      '',
      '✗ not found',
      `  expected ${row}`,
      '  found    nothing',
      '',
      '',
      '✗ dirty',
      '  expected nothing',
      `  found    ${row}`,
      '',
      '1 difference of 2 found, 1 of 2 equal pairs clean',
      '',
    ].join('\n'),
  )
})

test('the folder is for its owner only, and is removed when a case cannot be planted', async () => {
  let mode: number | undefined
  const failing: SelftestCase = {
    ...equal('fails', []),
    plant: async (queries) => {
      const { rows } = await sql<{ file: string }>`pragma database_list`.execute(queries)
      mode = (await stat(dirname(rows[0]!.file))).mode & 0o777
      throw new Error('made up')
    },
  }
  await assert.rejects(runSelftest(INPUT, [failing]), /made up/)
  assert.equal(mode, 0o700)
  assert.deepEqual(await readdir(folder), [])
})

function nameOf({ name }: { readonly name: string }): string {
  return name
}

function printed(results: readonly CaseResult[]): { text: string; exitCode: number } {
  const lines: string[] = []
  const stream = { write: (text: string) => lines.push(text) }
  const output = new Output({ stdout: stream, stderr: stream, env: {} })
  const program = {
    cwd: folder,
    env: {},
    output,
    commands: new Set<string>(),
    language: 'en' as const,
  }
  const context = new Context(program, {})
  reportSelftest(context, results)
  return { text: lines.join(''), exitCode: context.exitCode }
}
