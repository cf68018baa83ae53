import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  closeSync,
  openSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { geteuid } from 'node:process'
import { after, describe, test } from 'node:test'
import Sqlite from 'better-sqlite3'
import { listRestorePoints, restoreFile } from '../../../src/database/sqlite/restore.ts'
import { failureOf } from '../../support/failures.ts'
import { FILE, POINT, targetIn, watchPoints } from './crash.ts'
import { besides, damage, leaveLog, makeFile, namesIn, testFolders } from './files.ts'

const newFolder = testFolders()

function made(): string {
  const folder = newFolder()
  makeFile(join(folder, FILE), 'present')
  makeFile(join(folder, POINT), 'wanted')
  return folder
}

const pointIn = (folder: string) => {
  const [found] = listRestorePoints(targetIn(folder))
  assert.ok(found, 'it is not listed')
  return found
}

const restore = (folder: string) => restoreFile(targetIn(folder), pointIn(folder))

/** Of a file that lies beside others, each with what it holds. */
function contentOf(folder: string): Record<string, string> {
  const names = [FILE, ...besides(folder)]
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'base64')]))
}

describe('restore refuses', () => {
  const children: ChildProcess[] = []
  after(() => {
    for (const child of children) child.kill('SIGKILL')
  })

  async function assertRefused(folder: string, says: RegExp, point = pointIn(folder)) {
    const before = contentOf(folder)
    const error = await failureOf(restoreFile(targetIn(folder), point))
    assert.equal(error.code, 'restore')
    assert.match(error.message, says)
    assert.ok(error.nextStep)
    assert.deepEqual(contentOf(folder), before)
  }

  for (const tail of ['', '-wal']) {
    test(`while another program has ${FILE}${tail} open, which it names`, async () => {
      const folder = made()
      leaveLog(folder, 'in the log')
      const file = openSync(join(folder, FILE + tail), 'r')
      const child = spawn('sleep', ['60'], { stdio: [file, 'ignore', 'ignore'] })
      children.push(child)
      await once(child, 'spawn')
      closeSync(file)
      await assertRefused(folder, new RegExp(`is open in process ${child.pid} \\(sleep\\)`))
      child.kill('SIGKILL')
      await once(child, 'close')
    })
  }

  // The search for other programs leaves this one out, as it leaves out what may not be seen.
  for (const mode of ['delete', 'wal']) {
    test(`while an unseen program reads, with journal_mode ${mode}`, async () => {
      const folder = made()
      const reader = new Sqlite(join(folder, FILE))
      reader.pragma(`journal_mode = ${mode}`)
      reader.exec('begin; select * from t')
      reader.prepare('select * from t').all()
      const error = await failureOf(restore(folder))
      assert.match(error.message, /is open in another program; nothing was changed/)
      reader.exec('rollback')
      assert.equal(reader.pragma('journal_mode', { simple: true }), mode)
      reader.close()
      assert.deepEqual(namesIn(join(folder, FILE)), ['present'])
    })

    test(`when an unseen program wrote in between, with journal_mode ${mode}`, async () => {
      const folder = made()
      const path = join(folder, FILE)
      const prepare = new Sqlite(path)
      prepare.pragma(`journal_mode = ${mode}`)
      prepare.close()
      let isWritten = false
      const writeBefore = (what: string): void => {
        if (what !== 'begin exclusive' || isWritten) return
        isWritten = true
        const writer = new Sqlite(path)
        writer.exec(`insert into t values (3, 'in between')`)
        writer.close()
      }
      const error = await watchPoints(writeBefore, () => failureOf(restore(folder)))
      assert.ok(isWritten)
      assert.match(error.message, /another program wrote one-api\.db meanwhile/)
      assert.deepEqual(namesIn(path), ['present', 'in between'])
      const handle = new Sqlite(path)
      assert.equal(handle.pragma('journal_mode', { simple: true }), mode)
      handle.close()
    })
  }

  const BAD: readonly (readonly [string, (path: string) => void, RegExp])[] = [
    ['is damaged', damage, /is damaged/],
    ['is no database', (path) => writeFileSync(path, 'x'.repeat(5000)), /not a SQLite database/],
    ['is empty', (path) => writeFileSync(path, ''), /holds no table/],
    [
      'has become a link',
      (path) => {
        renameSync(path, `${path}.moved`)
        symlinkSync(`${path}.moved`, path)
      },
      /ELOOP/,
    ],
  ]
  for (const [what, spoil, says] of BAD) {
    test(`a restore point that ${what}`, async () => {
      const folder = made()
      const point = pointIn(folder)
      spoil(join(folder, POINT))
      await assertRefused(folder, says, point)
    })
  }

  test('a file of another user, whom the new one could not be given', async (t) => {
    if (geteuid!() !== 0) return t.skip('SKIPPED: only root can give a file away')
    const folder = made()
    chmodSync(folder, 0o777)
    chmodSync(join(folder, FILE), 0o666)
    chmodSync(join(folder, POINT), 0o644)
    const script = `
      import { listRestorePoints, restoreFile } from '../../../src/database/sqlite/restore.ts'
      const target = JSON.parse(process.argv[1])
      const [point] = listRestorePoints(target)
      await restoreFile(target, point).catch((error) => console.log(error.message))`
    const args = ['--input-type=module', '-e', script, JSON.stringify(targetIn(folder))]
    const child = spawn(process.execPath, args, {
      cwd: import.meta.dirname,
      uid: 65534,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (text) => (output += text))
    await once(child, 'close')
    assert.match(output, /the file belongs to another user or group/)
    assert.deepEqual(namesIn(join(folder, FILE)), ['present'])
    assert.ok(!besides(folder).some((name) => name.startsWith('.')))
  })
})
