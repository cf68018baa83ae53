import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env as own } from 'node:process'
import { after, before, describe, it } from 'node:test'
import { createLocal } from '../sync/local.ts'
import { type Pulling, pullingOf } from './pulling.ts'
import type { CallOptions } from './runs.ts'
import { syncPair } from './sync-pair.ts'

type Env = CallOptions['env']

interface Refused {
  readonly name: string
  readonly line: string
  readonly env?: Env
  readonly says: RegExp
}

/** Bad input of which some is only known when both sides are read. */
const REFUSED: readonly Refused[] = [
  {
    name: 'a production without a file',
    line: 'pull',
    env: { PRODUCTION_SQLITE_PATH: '/nowhere/one-api.db' },
    says: /there is no file/,
  },
  {
    name: 'a production that does not answer',
    line: 'pull',
    env: {
      PRODUCTION_SQLITE_PATH: undefined,
      PRODUCTION_SQL_DSN: 'postgres://u@127.0.0.1:1/gone?sslmode=disable',
    },
    says: /127\.0\.0\.1:1/,
  },
  { name: 'one side twice', line: 'pull --from local', says: /another one than --from/ },
  { name: 'seeds to write to', line: 'pull --to seeds', says: /must be an environment/ },
  { name: 'a count below 0', line: 'pull --max-deletes -1', says: /must be a whole number/ },
  {
    name: 'a --base that is no file',
    line: 'pull --base nowhere',
    says: /nothing says where its database is/,
  },
  { name: 'a --base that is no snapshot', line: 'pull --base TEXT', says: /damaged in line 1/ },
  { name: 'a missing snapshot', line: 'pull --from ./nowhere.jsonl', says: /no such snapshot/ },
  { name: 'a file that is no snapshot', line: 'pull --from TEXT', says: /damaged in line 1/ },
  {
    name: 'an unknown table',
    line: 'pull --tables channels,chanels',
    says: /chanels cannot be compared/,
  },
  {
    name: 'a table of a running gateway',
    line: 'pull --tables logs',
    says: /logs cannot be compared: a running gateway writes it/,
  },
  {
    name: 'a selector that matches nothing',
    line: 'pull --select channels/nothing',
    says: /matches nothing that differs/,
  },
  {
    name: 'a secret that is no reference',
    line: 'pull --secret nonsense',
    says: /does not say where the secret of a row comes from/,
  },
  {
    name: 'a secret of a variable that is not set',
    line: 'pull --secret channels/new=env:NEW_KEY',
    says: /NEW_KEY: is not set/,
  },
  {
    name: 'a secret of a file that is not there',
    line: 'pull --secret channels/new=file:./nowhere',
    says: /cannot be read|no such file|nowhere/,
  },
  { name: 'a reload of no gateway', line: 'pull --reload', says: /--reload: needs/ },
  {
    name: 'another environment without an answer',
    line: 'pull --to staging',
    says: /nobody can be asked here: add --yes/,
  },
  {
    name: 'seeds with a flag of rows',
    line: 'pull --from seeds --select channels',
    says: /--select is not for --from seeds/,
  },
]

// What the target is makes no difference here: there is none.
describe('a pull that is refused on a new machine leaves nothing:', () => {
  const pair = syncPair(createLocal)
  const pulling = (): Pulling => pullingOf(pair())
  const { TMPDIR } = own
  let folder: string
  before(async () => {
    await pair().reset()
    folder = await mkdtemp(join(tmpdir(), 'tidegate-none-'))
    await mkdir(join(folder, 'temporary'))
    await writeFile(join(folder, 'text.jsonl'), 'this is nothing\n')
    own['TMPDIR'] = join(folder, 'temporary')
  })
  after(async () => {
    if (TMPDIR === undefined) delete own['TMPDIR']
    else own['TMPDIR'] = TMPDIR
    await rm(folder, { recursive: true })
  })

  for (const { name, line, env = {}, says } of REFUSED) {
    it(name, async () => {
      const path = join(folder, 'one-api.db')
      const missing = { SQL_DSN: 'local', SQLITE_PATH: path, STAGING_SQLITE_PATH: path }
      const words = line.replace('TEXT', join(folder, 'text.jsonl'))
      const { code, stderr } = await pulling().call(words, { ...missing, ...env })
      assert.equal(code, 1, stderr)
      assert.match(stderr, says)
      assert.doesNotMatch(stderr, /a new database is made|applied 0001/)
      const left = await readdir(folder, { recursive: true })
      assert.deepEqual(left.toSorted(), ['temporary', 'text.jsonl'])
    })
  }
})
