import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import Sqlite from 'better-sqlite3'
import { FILE } from './crash.ts'

/** Small database files, as a gateway, a crash or a bad disk may leave them. */

// Nobody pulls the plug on a test, and waiting for a disk takes most of the time.
const IN_MEMORY = existsSync('/dev/shm') ? '/dev/shm' : null

/** Makes folders that are removed after the tests. To be called at the top of the file. */
export function testFolders(): () => string {
  const folders: string[] = []
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })
  return () => {
    const folder = mkdtempSync(join(IN_MEMORY ?? tmpdir(), 'tidegate-restore-'))
    folders.push(folder)
    return folder
  }
}

/** A table `t` with a row that names the file's state, and enough rows for several pages. */
export function makeFile(path: string, state: string): void {
  const handle = new Sqlite(path)
  handle.pragma('synchronous = off')
  handle.exec(`
    begin;
    create table t (id integer primary key, name text);
    create table other (id integer primary key, name text unique);
    insert into t values (1, '${state}');
    with recursive n (i) as (select 1 union all select i + 1 from n where i < 200)
    insert into other select i, '${state}' || hex(zeroblob(20)) || i from n;
    commit`)
  handle.close()
}

/** Adds a row that lies only in the write-ahead log, as after a gateway that was killed. */
export function leaveLog(folder: string, row: string): void {
  const path = join(folder, FILE)
  const handle = new Sqlite(path)
  handle.pragma('journal_mode = wal')
  handle.pragma('wal_autocheckpoint = 0')
  handle.exec(`insert into t values (2, '${row}')`)
  for (const tail of ['', '-wal']) copyFileSync(path + tail, `${path}.left${tail}`)
  handle.close()
  for (const tail of ['', '-wal']) {
    copyFileSync(`${path}.left${tail}`, path + tail)
    rmSync(`${path}.left${tail}`)
  }
}

/** Overwrites everything but the first page. */
export function damage(path: string): void {
  const handle = new Sqlite(path, { readonly: true })
  const size = handle.pragma('page_size', { simple: true }) as number
  const pages = handle.pragma('page_count', { simple: true }) as number
  handle.close()
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(size * (pages - 1), 0xa5), 0, size * (pages - 1), size)
  closeSync(file)
}

/** Every row and every definition; null where there is no intact database. */
export function stateOf(path: string): string | null {
  if (!existsSync(path)) return null
  const handle = new Sqlite(path)
  try {
    if (handle.pragma('integrity_check', { simple: true }) !== 'ok') return null
    const queries = [
      'select name, sql from sqlite_schema',
      'select * from t',
      'select * from other',
    ]
    return JSON.stringify(queries.map((text) => handle.prepare(text).raw().all()))
  } catch {
    return null
  } finally {
    handle.close()
  }
}

/** Names of `t`, in order. */
export function namesIn(path: string): unknown[] {
  const handle = new Sqlite(path)
  try {
    return handle.prepare('select name from t order by id').pluck().all()
  } finally {
    handle.close()
  }
}

/** What lies in the folder of a file beside it. */
export function besides(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name !== FILE)
    .toSorted()
}
