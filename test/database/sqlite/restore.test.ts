import assert from 'node:assert/strict'
import {
  chmodSync,
  chownSync,
  lstatSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { geteuid } from 'node:process'
import { describe, test } from 'node:test'
import Sqlite from 'better-sqlite3'
import { listRestorePoints, restoreFile } from '../../../src/database/sqlite/restore.ts'
import { FILE, POINT, targetIn } from './crash.ts'
import { besides, damage, leaveLog, makeFile, namesIn, stateOf, testFolders } from './files.ts'

const newFolder = testFolders()

function made(): string {
  const folder = newFolder()
  makeFile(join(folder, FILE), 'present')
  makeFile(join(folder, POINT), 'wanted')
  return folder
}

const pointIn = (folder: string, name = POINT) => {
  const found = listRestorePoints(targetIn(folder)).find((point) => point.name === name)
  assert.ok(found, `${name} is not listed`)
  return found
}

const restore = (folder: string, name = POINT) =>
  restoreFile(targetIn(folder), pointIn(folder, name))

describe('restore', () => {
  test('brings the restore point back, and the state before can be brought back too', async () => {
    const folder = made()
    const { ino } = statSync(join(folder, FILE))
    const { kept, setAside } = await restore(folder)
    assert.notEqual(statSync(join(folder, FILE)).ino, ino, 'it was written, not replaced')
    assert.deepEqual([namesIn(join(folder, FILE)), setAside], [['wanted'], null])
    assert.deepEqual(namesIn(kept!), ['present'])
    assert.deepEqual(besides(folder), [POINT, basename(kept!)])
    await restore(folder, basename(kept!))
    assert.deepEqual(namesIn(join(folder, FILE)), ['present'])
  })

  test('does not drop the restore point that it keeps', async () => {
    const folder = made()
    for (let time = 1; time <= 6; time += 1) await restore(folder)
    assert.equal(besides(folder).length, 7)
  })

  test('folds a log in that a crash has left, and keeps its rows; the new file has a log too', async () => {
    const folder = made()
    leaveLog(folder, 'in the log')
    assert.ok(statSync(join(folder, `${FILE}-wal`)).size > 0)
    const { kept } = await restore(folder)
    assert.deepEqual(besides(folder), [POINT, basename(kept!)])
    assert.equal(stateOf(join(folder, FILE)), stateOf(join(folder, POINT)))
    assert.deepEqual(namesIn(kept!), ['present', 'in the log'])
    const handle = new Sqlite(join(folder, FILE))
    assert.equal(handle.pragma('journal_mode', { simple: true }), 'wal')
    handle.close()
  })

  test('gives the file the mode and the owner that it had', async (t) => {
    const folder = made()
    const path = join(folder, FILE)
    chmodSync(path, 0o640)
    const isRoot = geteuid!() === 0
    if (isRoot) chownSync(path, 65534, 65533)
    else t.diagnostic('SKIPPED: only root can give a file away')
    const { uid, gid } = statSync(path)
    await restore(folder)
    const now = statSync(path)
    assert.deepEqual([now.mode & 0o777, now.uid, now.gid], [0o640, uid, gid])
    assert.ok(!isRoot || uid === 65534)
  })

  test('replaces the file that a link leads to, not the link', async () => {
    const [folder, elsewhere] = [newFolder(), made()]
    symlinkSync(join(elsewhere, FILE), join(folder, FILE))
    await restore(folder)
    assert.ok(lstatSync(join(folder, FILE)).isSymbolicLink())
    assert.deepEqual(namesIn(join(elsewhere, FILE)), ['wanted'])
  })
})

describe('restore of a file that cannot be kept as a restore point', () => {
  test('moves a damaged one away, with all that lies beside it', async () => {
    const folder = made()
    leaveLog(folder, 'in the log')
    damage(join(folder, FILE))
    const { kept, setAside } = await restore(folder)
    assert.equal(kept, null)
    assert.equal(stateOf(join(folder, FILE)), stateOf(join(folder, POINT)))
    const name = basename(setAside!)
    assert.match(name, /^one-api\.db\.\d{8}T\d{9}Z\.damaged$/)
    assert.deepEqual(
      besides(folder).filter((one) => !one.startsWith(name)),
      [POINT],
    )
    assert.ok(besides(folder).includes(name))
  })

  test('takes one that is no database for damaged', async () => {
    const folder = made()
    writeFileSync(join(folder, FILE), 'no database at all'.repeat(100))
    assert.match((await restore(folder)).setAside ?? '', /\.damaged$/)
    assert.deepEqual(namesIn(join(folder, FILE)), ['wanted'])
  })

  test('makes a missing one, and keeps a log without a file away from it', async () => {
    const folder = made()
    leaveLog(folder, 'in the log')
    rmSync(join(folder, FILE))
    assert.deepEqual(await restore(folder), { kept: null, setAside: null })
    assert.equal(stateOf(join(folder, FILE)), stateOf(join(folder, POINT)))
    assert.equal(statSync(join(folder, FILE)).mode & 0o777, 0o600)
    assert.equal(besides(folder).filter((name) => name.endsWith('.damaged-wal')).length, 1)
  })
})
