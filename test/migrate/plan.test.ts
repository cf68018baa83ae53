import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MigrationFile } from '../../src/migrate/files.ts'
import type { LedgerRecord } from '../../src/migrate/ledger.ts'
import {
  blockersOf,
  isSettled,
  planMigrations,
  selectDown,
  selectUp,
} from '../../src/migrate/plan.ts'

const file = (name: string, checksum = 'same'): MigrationFile => ({
  name,
  path: `/migrations/${name}.ts`,
  checksum,
})

const record = (name: string, state: LedgerRecord['state'] = 'applied'): LedgerRecord => ({
  name,
  checksum: 'same',
  state,
  appliedAt: '2026-11-22T19:32:59.123Z',
  durationMs: 1,
  runId: 'run',
  toolVersion: '0.0.0',
  notes: new Map(),
  reason: null,
})

const [A, B, C] = ['0001-a', '0002-b', '0003-c'] as const

interface Case {
  readonly files: readonly MigrationFile[]
  readonly ledger: readonly LedgerRecord[]
  readonly states: readonly string[]
  /** Words of the first blocker and of its command; absent when nothing blocks. */
  readonly message?: string
  readonly nextStep?: RegExp
  readonly settled?: true
  readonly up: readonly string[]
  readonly down: readonly string[]
}

const CASES: Readonly<Record<string, Case>> = {
  'no files and no ledger': { files: [], ledger: [], states: [], settled: true, up: [], down: [] },
  'a new database': {
    files: [file(B), file(A)],
    ledger: [],
    states: [`${A} pending`, `${B} pending`],
    up: [A, B],
    down: [],
  },
  'everything applied': {
    files: [file(A), file(B)],
    ledger: [record(B), record(A)],
    states: [`${A} applied`, `${B} applied`],
    settled: true,
    up: [],
    down: [B],
  },
  'the last one pending': {
    files: [file(A), file(B)],
    ledger: [record(A)],
    states: [`${A} applied`, `${B} pending`],
    up: [B],
    down: [A],
  },
  'a file gone': {
    files: [file(B)],
    ledger: [record(A), record(B)],
    states: [`${A} missing`, `${B} applied`],
    message: `${A} was applied to this database, but its file is gone`,
    nextStep:
      /^restore the file from version control, or .*`tidegate migrate repair 0001-a --reason "…"`$/,
    up: [],
    down: [B],
  },
  'a file edited': {
    files: [file(A, 'another'), file(B)],
    ledger: [record(A), record(B)],
    states: [`${A} altered`, `${B} applied`],
    message: `${A} was edited after it had been applied to this database`,
    nextStep: /new migration, or accept it with `tidegate migrate repair 0001-a --reason "…"`$/,
    up: [A],
    down: [B],
  },
  'a file that came late': {
    files: [file(A), file(B), file(C)],
    ledger: [record(A), record(C)],
    states: [`${A} applied`, `${B} out-of-order`, `${C} applied`],
    message: `${B} sorts before a migration that is already applied`,
    nextStep:
      /^rename 0002-b so that it sorts last, or run `tidegate migrate up --allow-out-of-order`$/,
    up: [B],
    down: [C],
  },
  'one that died half-way': {
    files: [file(A), file(B), file(C)],
    ledger: [record(A), record(B, 'started')],
    states: [`${A} applied`, `${B} failed`, `${C} pending`],
    up: [B, C],
    down: [B],
  },
  'one that died half-way and was corrected since': {
    files: [file(A, 'another')],
    ledger: [record(A, 'started')],
    states: [`${A} failed`],
    up: [A],
    down: [A],
  },
  'one that died half-way, its file gone': {
    files: [],
    ledger: [record(A, 'started')],
    states: [`${A} missing`],
    message: `${A} was applied to this database, but its file is gone`,
    nextStep: /tidegate migrate repair 0001-a/,
    up: [],
    down: [A],
  },
  'one that came late, before one that died half-way': {
    files: [file(A), file(B)],
    ledger: [record(B, 'started')],
    states: [`${A} out-of-order`, `${B} failed`],
    message: `${A} sorts before a migration that is already applied`,
    nextStep: /--allow-out-of-order/,
    up: [A, B],
    down: [B],
  },
}

describe('the state of every migration', () => {
  for (const [name, expected] of Object.entries(CASES)) {
    test(name, () => {
      const statuses = planMigrations(expected.files, expected.ledger)
      assert.deepEqual(
        statuses.map((status) => `${status.name} ${status.state}`),
        expected.states,
      )
      const [blocker, ...others] = blockersOf(statuses, { allowOutOfOrder: false })
      assert.equal(blocker?.message, expected.message)
      if (expected.nextStep !== undefined) assert.match(blocker!.nextStep, expected.nextStep)
      assert.deepEqual(others, [])
      assert.equal(isSettled(statuses), expected.settled ?? false)
      const names = (chosen: readonly { name: string }[]) => chosen.map((one) => one.name)
      assert.deepEqual(names(selectUp(statuses, {})), expected.up)
      assert.deepEqual(names(selectDown(statuses, {})), expected.down)
    })
  }

  test('out of order is no obstacle when it is allowed; an edited file still is', () => {
    const late = planMigrations([file(A), file(B)], [record(B)])
    assert.deepEqual(blockersOf(late, { allowOutOfOrder: true }), [])
    const edited = planMigrations([file(A), file(B, 'another')], [record(B)])
    assert.deepEqual(
      blockersOf(edited, { allowOutOfOrder: true }).map(({ state }) => state),
      ['altered'],
    )
  })

  test('every obstacle is named', () => {
    const statuses = planMigrations([file(B, 'another')], [record(A), record(B)])
    assert.deepEqual(
      blockersOf(statuses, { allowOutOfOrder: false }).map((blocker) => [
        blocker.name,
        blocker.state,
      ]),
      [
        [A, 'missing'],
        [B, 'altered'],
      ],
    )
  })
})

describe('how far', () => {
  const pending = planMigrations([file(A), file(B), file(C)], [])
  const applied = planMigrations([file(A), file(B), file(C)], [record(A), record(B), record(C)])
  const cases = [
    { range: { to: B }, up: [A, B], down: [C, B] },
    { range: { to: C }, up: [A, B, C], down: [C] },
    { range: { step: 1 }, up: [A], down: [C] },
    { range: { step: 2 }, up: [A, B], down: [C, B] },
    { range: { step: 9 }, up: [A, B, C], down: [C, B, A] },
    { range: {}, up: [A, B, C], down: [C] },
  ]
  for (const { range, up, down } of cases) {
    test(JSON.stringify(range), () => {
      assert.deepEqual(
        selectUp(pending, range).map(({ name }) => name),
        up,
      )
      assert.deepEqual(
        selectDown(applied, range).map(({ name }) => name),
        down,
      )
    })
  }
})
