import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pid } from 'node:process'
import { describe, test } from 'node:test'
import Sqlite from 'better-sqlite3'
import { sql } from 'kysely'
import { LockBusyError } from '../../../src/errors.ts'
import { failureOf } from '../../support/failures.ts'
import { FILE } from './crash.ts'
import { besides, damage, namesIn, stateOf, testFolders } from './files.ts'
import { madeIn, pointsIn, using, write, writeOnce } from './points.ts'

const newFolder = testFolders()

const made = (): string => madeIn(newFolder())

describe('a restore point of a file', () => {
  test('is the state before the first transaction, for its owner alone', async () => {
    const folder = made()
    const before = stateOf(join(folder, FILE))
    await using(folder, { restorePoints: 5 }, async (database) => {
      await database.catalog()
      assert.deepEqual([database.restorePoint, besides(folder)], [null, []])
      await write(database)
      const [name] = pointsIn(folder)
      const path = join(folder, name!)
      assert.deepEqual(database.restorePoint, { kind: 'file', path })
      assert.equal(stateOf(path), before)
      assert.equal(statSync(path).mode & 0o777, 0o600)
      await write(database)
      assert.deepEqual(besides(folder), [name])
    })
  })

  test('is not made where none is wanted', async () => {
    const folder = made()
    await writeOnce(folder, 0)
    await using(folder, {}, (database) => write(database))
    assert.deepEqual(besides(folder), [])
  })

  test('is not made of a file without tables, nor later by the same connection', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, FILE), '')
    await using(folder, { restorePoints: 5 }, async (database) => {
      const create = sql`create table t (id integer primary key, name text)`
      await database.transaction(async () => void (await create.execute(database.queries)))
      await write(database)
      assert.equal(database.restorePoint, null)
    })
    assert.deepEqual(besides(folder), [])
  })

  test('leaves the write-ahead log of a running gateway as it is', async () => {
    const folder = made()
    const gateway = new Sqlite(join(folder, FILE))
    gateway.pragma('journal_mode = wal')
    gateway.exec(`insert into t (name) values ('in the log')`)
    await writeOnce(folder, 5)
    assert.equal(gateway.pragma('journal_mode', { simple: true }), 'wal')
    gateway.close()
    assert.deepEqual(namesIn(join(folder, pointsIn(folder)[0]!)), ['before', 'in the log'])
    assert.deepEqual(namesIn(join(folder, FILE)), ['before', 'in the log', 'written'])
  })

  test('is made while another process writes without a pause', async () => {
    const folder = made()
    const program = `
      const handle = require('better-sqlite3')(process.argv[1])
      handle.pragma('synchronous = off')
      const insert = handle.prepare("insert into other (name) values (hex(randomblob(20)))")
      const write = () => { insert.run(); setImmediate(write) }
      write()
      console.log('writing')`
    const child = spawn(process.execPath, ['-e', program, join(folder, FILE)], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    try {
      await writeOnce(folder, 5)
    } finally {
      child.kill('SIGKILL')
      await once(child, 'close')
    }
    const [point, ...rest] = pointsIn(folder)
    assert.deepEqual(rest, [])
    assert.deepEqual(namesIn(join(folder, point!)), ['before'])
    assert.notEqual(stateOf(join(folder, point!)), null)
  })

  test('lies beside the file that a link leads to', async () => {
    const [folder, elsewhere] = [newFolder(), made()]
    symlinkSync(join(elsewhere, FILE), join(folder, FILE))
    await writeOnce(folder, 5)
    assert.deepEqual([besides(folder), pointsIn(elsewhere).length], [[], 1])
  })
})

describe('where no restore point can be made', () => {
  test('nothing is written, and the next transaction tries again', async () => {
    const folder = made()
    damage(join(folder, FILE))
    const bytes = readFileSync(join(folder, FILE))
    await using(folder, { restorePoints: 5 }, async (database) => {
      for (let attempt = 1; attempt <= 2; attempt += 1) {
        const error = await failureOf(database.transaction(async () => assert.fail('it ran')))
        assert.equal(error.code, 'restore')
        assert.match(error.message, /no restore point of one-api\.db could be made/)
        assert.match(error.nextStep ?? '', /`restorePoints: 0` in tidegate\.config\.ts/)
      }
      assert.equal(database.restorePoint, null)
    })
    assert.deepEqual(besides(folder), [])
    assert.ok(bytes.equals(readFileSync(join(folder, FILE))))
  })

  test('another program that holds the file is waited for, and told of at the deadline', async () => {
    const folder = made()
    const holder = new Sqlite(join(folder, FILE))
    await using(folder, { restorePoints: 5 }, async (database) => {
      holder.exec('begin exclusive')
      const attempt = database.withLock({ timeoutMs: 100 }, () => write(database))
      assert.ok((await failureOf(attempt)) instanceof LockBusyError)
      assert.deepEqual(pointsIn(folder), [])
      setTimeout(() => holder.exec('rollback'), 100)
      await database.withLock({ timeoutMs: 10_000 }, () => write(database))
      assert.equal(pointsIn(folder).length, 1)
    })
    holder.close()
    assert.ok(!besides(folder).some((name) => name.includes(`tidegate-${pid}`)))
  })
})
