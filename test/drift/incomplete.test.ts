import assert from 'node:assert/strict'
import { open } from 'node:fs/promises'
import { after, before, beforeEach, describe, it } from 'node:test'
import Sqlite from 'better-sqlite3'
import type { PostgresTarget, SqliteTarget } from '../../src/database/contract.ts'
import type { DriftReport } from '../../src/diff/drift-report.ts'
import { TidegateError } from '../../src/errors.ts'
import { Secret } from '../../src/secret.ts'
import { startCutter } from '../support/cut-proxy.ts'
import { startFaultProxy } from '../support/fault-proxy.ts'
import { failureOf } from '../support/failures.ts'
import { executeRaw } from '../support/raw.ts'
import { createSqliteFile } from '../support/sqlite.ts'
import { commandOn, ownProject, targetEnv } from './command.ts'
import { compare, forBothDirections, forOnePair, outlines, type Pair } from './world.ts'

const ROLE = 'tidegate_drift_reader'

const CHANNELS = 400

/** Enough to come in many pieces; one row in each hundred differs on the right. */
async function fillBoth(pair: Pair): Promise<void> {
  const rows = Array.from(
    { length: CHANNELS },
    (_, index) =>
      `(${index + 1}, 1, 'c${String(index).padStart(4, '0')}', 'sk-test', 1, 'm', 'default', '${'x'.repeat(900)}')`,
  )
  await pair.execute(`begin;
    insert into channels (id, type, name, "key", status, models, "group", test_model) values ${rows.join(',')};
    insert into abilities ("group", model, channel_id, enabled, priority, weight)
      select 'default', 'm', id, true, 0, 0 from channels;
    insert into models (id, model_name, description) values (1, 'a', 'd'), (2, 'b', 'd');
    insert into options ("key", value) values ('Footer', 'f');
    commit;`)
  await pair.to
    .execute(`update channels set test_model = 'other' where id in (1, 100, 200, 300, 400);
    update models set description = 'other' where id = 2`)
}

const ALL = [
  ...[0, 99, 199, 299, 399].map(
    (index) => `changed different channels c${String(index).padStart(4, '0')}|1: test_model`,
  ),
  'changed different models b: description',
]

function incompleteTables({ tables }: DriftReport): string[] {
  return tables.filter(({ status }) => status === 'incomplete').map(({ table }) => table)
}

forBothDirections('n26', (pair) => {
  const sides = () => ({ from: pair.from.target, to: pair.to.target })
  const side = () => (pair.from.dialect === 'postgres' ? 'from' : 'to')
  const postgres = () => pair[side()].target as PostgresTarget
  beforeEach(() => fillBoth(pair))

  it('tables of another kind are all there, to begin with', async () => {
    const report = await compare(sides())
    assert.deepEqual(outlines(report), ALL)
    assert.equal(report.verdict.status, 'different')
  })

  describe('a role that may not read everything', () => {
    const restricted = (): PostgresTarget => ({
      ...postgres(),
      user: ROLE,
      password: new Secret('made-up'),
    })
    after(() => executeRaw(postgres(), `drop owned by ${ROLE}; drop role ${ROLE}`))
    before(() => executeRaw(postgres(), `create role ${ROLE} login password 'made-up'`))
    const CASES = {
      'no models': {
        grants: `grant select on all tables in schema public to ${ROLE};
            revoke select on models from ${ROLE}`,
        incomplete: ['models'],
        found: ALL.filter((line) => !line.includes(' models ')),
      },
      'no test model of a channel': {
        grants: `grant select on all tables in schema public to ${ROLE};
            revoke select on channels from ${ROLE};
            grant select (id, name, type, models, "group", status, priority, weight, tag) on channels to ${ROLE}`,
        incomplete: ['channels'],
        found: ALL.filter((line) => line.includes(' models ')),
      },
      nothing: {
        grants: `revoke all on all tables in schema public from ${ROLE}`,
        incomplete: [
          'abilities',
          'channels',
          'models',
          'options',
          'prefill_groups',
          'tokens',
          'users',
          'vendors',
        ],
        found: [],
      },
    }
    for (const [name, { grants, incomplete, found }] of Object.entries(CASES)) {
      it(`${name}: that is incomplete, and the rest is compared`, async () => {
        await executeRaw(postgres(), grants)
        const report = await compare({ ...sides(), [side()]: restricted() })
        assert.equal(report.verdict.status, 'incomplete')
        assert.deepEqual(incompleteTables(report).toSorted(), incomplete)
        assert.deepEqual(outlines(report), found)
        for (const { status, reason } of report.tables) {
          if (status === 'incomplete') assert.match(reason ?? '', /may not|permission|right/i)
        }
      })
    }
  })

  /** Compares through a proxy that breaks the connection somewhere. */
  const compareThrough = async (target: PostgresTarget): Promise<string> => {
    const outcome = await compare({ ...sides(), [side()]: target }).catch((error: unknown) => error)
    if (outcome instanceof TidegateError) return 'refused'
    if (outcome instanceof Error) throw outcome
    const report = outcome as DriftReport
    for (const line of outlines(report)) assert.ok(ALL.includes(line), line)
    const isIncomplete = report.verdict.status === 'incomplete'
    assert.equal(incompleteTables(report).length > 0, isIncomplete)
    if (!isIncomplete) assert.deepEqual(outlines(report), ALL)
    return report.verdict.status
  }

  it('a connection that is cut within the rows gives no finding that is not true', async () => {
    const whole = await compare(sides())
    const bytes = whole.tables.reduce((sum, { way }) => sum + (way?.bytes ?? 0), 0)
    assert.ok(bytes > 300_000)
    const outcomes: string[] = []
    for (let part = 0; part < 10; part += 1) {
      const proxy = await startCutter(postgres())
      proxy.cutAfter(2_000 + Math.round((part / 10) * bytes))
      outcomes.push(await compareThrough(proxy.target))
    }
    // How much is said before the rows depends on the link.
    assert.ok(outcomes.includes('incomplete'))
    assert.ok(!outcomes.includes('different'))
  })

  it('a connection that is cut between any two statements neither', async () => {
    const outcomes: string[] = []
    let isOver = false
    for (let last = 5; !isOver; last += 4) {
      let seen = 0
      const judge = ({ number }: { number: number }) => {
        seen = number
        return number === last ? 'cut-before' : 'forward'
      }
      const proxy = await startFaultProxy(postgres(), { judge })
      try {
        outcomes.push(await compareThrough(proxy.target))
      } finally {
        await proxy.close()
      }
      isOver = seen < last
    }
    assert.equal(outcomes.at(-1), 'different')
    assert.ok(outcomes.length > 6)
    assert.ok(outcomes.includes('incomplete'))
  })
})

describe('a SQLite file', () => {
  forOnePair('n26', (pair) => {
    const project = ownProject()
    const run = commandOn(pair, project)
    let broken: Awaited<ReturnType<typeof createSqliteFile>>
    before(async () => {
      broken = await createSqliteFile({ fixture: 'n26' })
    })
    after(() => broken.drop())

    it('that lost a page is incomplete, with the table, and exits with 1', async () => {
      await fillBoth(pair)
      await executeRaw(
        broken.target,
        "insert into models (model_name, description) values ('a', 'd')",
      )
      await zeroRootPage(broken.target, 'models')
      const { code, stdout } = await run('drift --json', targetEnv('LOCAL', broken.target))
      const report = JSON.parse(stdout) as DriftReport
      assert.equal(code, 1)
      assert.equal(report.verdict.status, 'incomplete')
      assert.deepEqual(incompleteTables(report), ['models'])
      assert.ok(outlines(report).length > CHANNELS)
    })

    it('that another program holds is an error', async () => {
      const handle = new Sqlite((pair.from.target as SqliteTarget).path)
      try {
        handle.exec('begin exclusive')
        const { message } = await failureOf(compare({ from: pair.from.target, to: pair.to.target }))
        assert.match(message, /busy|locked/)
      } finally {
        handle.close()
      }
    })

    for (const [name, path] of [
      ['no database', 'package.json'],
      ['not there', 'nothing.db'],
    ] as const) {
      it(`that is ${name} is an error with exit code 1`, async () => {
        const result = await run('drift --json', { LOCAL_SQLITE_PATH: project.path(path) })
        assert.equal(result.code, 1)
        assert.equal(typeof (result.json()['error'] as { message: string }).message, 'string')
      })
    }
  })
})

async function zeroRootPage(target: SqliteTarget, table: string): Promise<void> {
  const handle = new Sqlite(target.path)
  const page = handle
    .prepare('select rootpage from sqlite_schema where name = ?')
    .pluck()
    .get(table)
  const size = handle.pragma('page_size', { simple: true })
  handle.close()
  const file = await open(target.path, 'r+')
  await file.write(Buffer.alloc(Number(size)), 0, Number(size), (Number(page) - 1) * Number(size))
  await file.close()
}

describe('a table that one side lacks', () => {
  forBothDirections('n26', (pair) => {
    it('is never clean', async () => {
      for (const side of ['from', 'to'] as const) {
        await pair[side].execute('alter table models rename to models_away')
        const report = await compare({ from: pair.from.target, to: pair.to.target })
        await pair[side].execute('alter table models_away rename to models')
        assert.notEqual(report.verdict.status, 'clean')
        assert.ok(
          report.findings.some(({ kind, table }) => kind === 'schema' && table === 'models'),
        )
        const facts = report.tables.find(({ table }) => table === 'models')!
        assert.equal(facts.status, 'absent')
      }
    })
  })
})
