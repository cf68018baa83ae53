import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { parsePostgresDsn } from '../../src/config/dsn.ts'
import { parseDuration } from '../../src/config/duration.ts'
import { readEnvFile } from '../../src/config/env-file.ts'
import { isEnvironmentName } from '../../src/config/environment-name.ts'
import { isLocalOrPrivate } from '../../src/config/private-hosts.ts'
import { parseSqlitePath } from '../../src/config/sqlite-path.ts'
import { readText } from '../../src/config/variables.ts'

const LENGTH = 100_000
const LIMIT_MS = 1_000

const PIECES = [
  'a',
  'a!',
  ' ',
  '@',
  '%',
  '%40',
  '%41:',
  '?a=',
  '&',
  'host ',
  'host=',
  '1.',
  ':',
  '0x',
]

const root = mkdtempSync(join(tmpdir(), 'tidegate-length-'))
after(() => rmSync(root, { recursive: true, force: true }))

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  'a DSN': (text) => parsePostgresDsn(text, { source: 'SQL_DSN', env: {} }),
  'the login of a DSN': (text) =>
    parsePostgresDsn(`postgres://${text}@h/d`, { source: 'SQL_DSN', env: {} }),
  'the host of a DSN': (text) =>
    parsePostgresDsn(`postgres://u:p@${text}/d`, { source: 'SQL_DSN', env: {} }),
  'the query of a DSN': (text) =>
    parsePostgresDsn(`postgres://u:p@h/d?${text}`, { source: 'SQL_DSN', env: {} }),
  'a host': isLocalOrPrivate,
  'a path of SQLite': (text) => parseSqlitePath(text, { source: 'SQLITE_PATH', root }),
  'the parameters of such a path': (text) =>
    parseSqlitePath(`x?${text}`, { source: 'SQLITE_PATH', root }),
  'a duration': parseDuration,
  'the name of an environment': isEnvironmentName,
  'a value': (text) => readText({ NAME: text }, 'NAME'),
}

/** Of this process: how busy the machine is does not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

for (const [name, read] of Object.entries(READERS)) {
  test(`${name} of 100 kB is read in linear time`, () => {
    for (const piece of PIECES) {
      const text = piece.repeat(LENGTH / piece.length)
      const start = cpuMs()
      read(text)
      read(`${text}=`)
      const elapsedMs = cpuMs() - start
      assert.ok(elapsedMs < LIMIT_MS, `${JSON.stringify(piece)} took ${elapsedMs} ms`)
    }
  })
}

test('a line of .env of 100 kB is read in linear time', async () => {
  for (const piece of ['a', 'a!', '#', 'a#', '=', '\\"', 'export ']) {
    writeFileSync(join(root, '.env'), `NAME=x${piece.repeat(LENGTH / piece.length)}`)
    const start = cpuMs()
    await readEnvFile(root)
    const elapsedMs = cpuMs() - start
    assert.ok(elapsedMs < LIMIT_MS, `${JSON.stringify(piece)} took ${elapsedMs} ms`)
  }
})
