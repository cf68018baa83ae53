import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import Sqlite from 'better-sqlite3'
import { sql } from 'kysely'
import type { Database } from '../../../src/database/contract.ts'
import { FILE, watchPoints } from './crash.ts'
import { namesIn, stateOf, testFolders } from './files.ts'
import { madeIn, pointsIn, using, write } from './points.ts'

const newFolder = testFolders()

const OLD = ['20250101', '20250102'].map((day) => `${FILE}.${day}T000000000Z.bak`)

/** With as many restore points as are kept. */
function made(): string {
  const folder = madeIn(newFolder())
  for (const name of OLD) writeFileSync(join(folder, name), '')
  return folder
}

const running =
  (text: string) =>
  (database: Database): Promise<void> =>
    database.transaction(async () => void (await sql.raw(text).execute(database.queries)))

const failing = (database: Database): Promise<void> =>
  database.transaction(async () => {
    await sql`insert into t (name) values ('taken back')`.execute(database.queries)
    assert.deepEqual(database.restorePoint?.kind, 'file')
    throw new Error('stale')
  })

/** While another connection does something that is in the way. */
const besideAnother =
  (text: string) =>
  async (database: Database, folder: string): Promise<void> => {
    const holder = new Sqlite(join(folder, FILE))
    holder.exec(text)
    try {
      await database.withLock({ timeoutMs: 60 }, () => write(database))
    } finally {
      holder.close()
    }
  }

/** What the driver throws when COMMIT fails; nothing is known of what came of it. */
const commitFailing =
  (code: string) =>
  (database: Database): Promise<void> =>
    watchPoints(
      (what) => {
        if (what === 'commit') throw Object.assign(new Error(code), { code })
      },
      () => write(database),
    )

type Act = (database: Database, folder: string) => Promise<void>

const attempt = async (folder: string, act: Act): Promise<void> =>
  using(folder, { restorePoints: 2 }, async (database) => {
    await act(database, folder).catch(() => undefined)
  })

describe('a connection that has written nothing leaves the restore points as they were', () => {
  const CASES: readonly (readonly [string, Act])[] = [
    ['what it wrote was taken back', failing],
    ['it only read', running('select * from t')],
    ['it changed no row', running(`update t set name = 'x' where id > 1000`)],
    ['another program kept the lock', besideAnother('begin immediate')],
    ['another program kept it from committing', besideAnother('begin; select * from t')],
    ['the disk was full at its end', commitFailing('SQLITE_FULL')],
  ]
  for (const [what, act] of CASES) {
    test(what, async () => {
      const folder = made()
      const before = stateOf(join(folder, FILE))
      for (let time = 1; time <= 3; time += 1) await attempt(folder, act)
      assert.deepEqual([pointsIn(folder), stateOf(join(folder, FILE))], [OLD, before])
    })
  }

  test('it no longer tells of one once it is closed', async () => {
    const folder = made()
    const database = await using(folder, { restorePoints: 2 }, async (database) => {
      await assert.rejects(failing(database), /stale/)
      return database
    })
    assert.equal(database.restorePoint, null)
  })
})

describe('a connection that has written, or may have', () => {
  const CASES: readonly (readonly [string, Act])[] = [
    ['a row', write],
    ['a table', running('create table new (id integer)')],
    ['a number in the header', running('pragma user_version = 7')],
  ]
  for (const [what, act] of CASES) {
    test(`${what}: keeps its restore point, and drops those beyond`, async () => {
      const folder = made()
      await attempt(folder, act)
      const [older, point, ...rest] = pointsIn(folder)
      assert.deepEqual([older, rest], [OLD[1], []])
      assert.deepEqual(namesIn(join(folder, point!)), ['before'])
    })
  }

  test('drops none before it has written', async () => {
    const folder = made()
    await using(folder, { restorePoints: 2 }, async (database) => {
      await database.transaction(async () => {
        assert.deepEqual(pointsIn(folder).slice(0, 2), OLD)
        assert.deepEqual(namesIn(join(folder, pointsIn(folder)[2]!)), ['before'])
        await sql`insert into t (name) values ('written')`.execute(database.queries)
      })
      assert.equal(pointsIn(folder).length, 2)
    })
  })

  test('keeps the one that it made, whatever failed before and after', async () => {
    const folder = made()
    const told = await using(folder, { restorePoints: 2 }, async (database) => {
      await assert.rejects(failing(database), /stale/)
      await write(database)
      await assert.rejects(failing(database), /stale/)
      await assert.rejects(commitFailing('SQLITE_FULL')(database), /disk is full/)
      return database.restorePoint
    })
    assert.deepEqual(told, { kind: 'file', path: join(folder, pointsIn(folder)[1]!) })
    assert.deepEqual(namesIn(join(folder, pointsIn(folder)[1]!)), ['before'])
  })

  test('keeps everything when nobody knows what became of COMMIT', async () => {
    const folder = made()
    await attempt(folder, commitFailing('SQLITE_IOERR_DIR_FSYNC'))
    assert.deepEqual([pointsIn(folder).slice(0, 2), pointsIn(folder).length], [OLD, 3])
  })
})
