import assert from 'node:assert/strict'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { beforeEach, describe, it } from 'node:test'
import type { SqliteTarget } from '../../src/database/contract.ts'
import { forEachDialect } from '../support/databases.ts'
import { executeRaw } from '../support/raw.ts'
import { type SyncPair, syncPair } from './sync-pair.ts'
import { everything } from './sync-state.ts'

const NEW_KEY = { NEW_KEY: 'sk-test-fresh' }
const PLAN = 'plan -o plan.json --secret channels/new=env:NEW_KEY'

/** As many as are kept. */
const OLD = [1, 2, 3, 4, 5].map((day) => `2025010${day}T000000000Z`)

/** Between what a run has read and what it writes. */
const MOVING = `create trigger moving before insert on tidegate_runs begin
  update channels set priority = priority + 1, models = 'moved'; end`

const REFUSING = `create trigger refusing before insert on tidegate_runs begin
  select raise(abort, 'no'); end`

const CLEAN = `drop trigger if exists moving; drop trigger if exists refusing;
  delete from tidegate_base; delete from tidegate_journal; delete from tidegate_runs`

interface Case {
  readonly name: string
  /** What is run first. */
  readonly given?: readonly string[]
  /** What somebody does to production and to the local file then. */
  readonly there?: string
  readonly here?: string
  readonly line: string
  readonly code: number
  readonly says: RegExp
}

const MOVED = 'update channels set priority = 3 where id = 11'
const STALE = /changed after the plan was made; nothing was written/
const DEPLOY = 'deploy --no-doctor --env production'
const NOTHING = /^Plan: nothing to write/m

const UNWRITTEN: readonly Case[] = [
  {
    name: 'a row moved',
    given: [PLAN],
    there: MOVED,
    line: 'apply plan.json',
    code: 2,
    says: STALE,
  },
  {
    name: 'a row moved just now',
    given: [PLAN],
    there: MOVING,
    line: 'apply plan.json',
    code: 2,
    says: STALE,
  },
  { name: 'a row moved just now', there: MOVING, line: 'push --yes', code: 2, says: STALE },
  { name: 'a row moved just now', here: MOVING, line: 'pull', code: 2, says: STALE },
  { name: 'the database refuses', there: REFUSING, line: 'push --yes', code: 1, says: /./ },
  { name: 'the database refuses', there: REFUSING, line: DEPLOY, code: 1, says: /./ },
  { name: 'nobody said yes', line: 'push', code: 1, says: /add --yes/ },
  { name: 'nothing differs', given: ['push --yes'], line: 'push --yes', code: 0, says: NOTHING },
  { name: 'nothing differs', given: ['pull'], line: 'pull', code: 0, says: NOTHING },
  { name: 'nothing differs', given: [DEPLOY], line: DEPLOY, code: 0, says: /./ },
  {
    name: 'nothing differs',
    given: ['seed apply --env production'],
    line: 'seed apply --env production',
    code: 0,
    says: /./,
  },
  {
    name: 'there is nothing to undo',
    line: 'undo --yes --env production',
    code: 0,
    says: /nothing to undo/,
  },
  {
    name: 'all of it has moved',
    given: ['push --yes'],
    there: `update channels set priority = 99, models = 'x', name = name || 'x'`,
    line: 'undo --yes --env production',
    code: 2,
    says: /left alone/,
  },
  {
    name: 'the database refuses',
    given: ['push --yes'],
    there: REFUSING,
    line: 'undo --yes --env production',
    code: 1,
    says: /./,
  },
  { name: 'the target has rows', line: 'copy --yes', code: 1, says: /is not empty/ },
]

const WRITTEN: readonly Pick<Case, 'given' | 'line'>[] = [
  { given: [PLAN], line: 'apply plan.json' },
  { line: 'push --yes' },
  { line: 'pull' },
  { line: DEPLOY },
  { line: 'seed apply --env production' },
  { given: ['push --yes'], line: 'undo --yes --env production' },
]

forEachDialect((dialect, create) => {
  if (dialect !== 'sqlite') return
  const pair = syncPair(create)

  /** The databases as they are, with their restore points. */
  const state = async () => [
    await everything({ target: pair().production }),
    ...files(pair()).map(pointsOf),
  ]

  beforeEach(async () => {
    await pair().call('migrate up')
    for (const target of files(pair())) await executeRaw(target, CLEAN)
    await pair().reset()
  })

  async function given({ given = [], there = '', here = '' }: Partial<Case>): Promise<void> {
    for (const line of given) {
      const { code, stderr } = await pair().call(line, NEW_KEY)
      assert.equal(code, line === PLAN ? 2 : 0, stderr)
    }
    await executeRaw(pair().production, there)
    await executeRaw(pair().local, here)
    for (const target of files(pair())) {
      for (const name of pointsOf(target)) rmSync(join(dirname(target.path), name))
      for (const stamp of OLD) writeFileSync(`${target.path}.${stamp}.bak`, '')
    }
  }

  describe('a run that writes nothing leaves the restore points as they were', () => {
    for (const one of UNWRITTEN) {
      it(`${one.line}: ${one.name}`, async () => {
        await given(one)
        const before = await state()
        const { code, stdout, stderr } = await pair().call(one.line, NEW_KEY)
        assert.equal(code, one.code, stdout + stderr)
        assert.match(stdout + stderr, one.says)
        assert.doesNotMatch(stderr, /^restore point:/m)
        assert.deepEqual(await state(), before)
      })
    }
  })

  describe('a run that writes makes one, and drops the oldest', () => {
    for (const one of WRITTEN) {
      it(one.line, async () => {
        await given(one)
        const { code, stdout, stderr } = await pair().call(one.line, NEW_KEY)
        assert.equal(code, 0, stdout + stderr)
        const [, path = ''] = /^restore point: (.*)$/m.exec(stderr) ?? []
        const written = files(pair()).filter(({ path: file }) => path.startsWith(file))
        for (const target of files(pair())) {
          const base = basename(target.path)
          const old = OLD.map((stamp) => `${base}.${stamp}.bak`)
          const expected = written.includes(target) ? [...old.slice(1), basename(path)] : old
          assert.deepEqual(pointsOf(target), expected)
        }
        assert.equal(written.length, 1)
      })
    }
  })
})

function files({ local, production }: SyncPair): SqliteTarget[] {
  return [local, production].map((target) => target as SqliteTarget)
}

function pointsOf({ path }: SqliteTarget): string[] {
  return readdirSync(dirname(path))
    .filter((name) => name !== basename(path))
    .toSorted()
}
