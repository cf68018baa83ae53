import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { beforeEach, describe, it } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import stringWidth from 'string-width'
import type { Diagnosis } from '../../src/doctor/diagnosis.ts'
import { hostileValues } from '../support/hostile.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { createLocal } from '../sync/local.ts'
import { PLACEHOLDER, type Pulling, pullingOf } from './pulling.ts'
import { activeIn, callMain, type CallOptions } from './runs.ts'
import { channel, KEYS, keysIn, syncPair } from './sync-pair.ts'
import { ends, everything } from './sync-state.ts'

type Env = CallOptions['env']

// What the target is makes no difference here.
describe('pull', () => {
  const pair = syncPair(createLocal)
  beforeEach(() => pair().reset())
  const pulling = (): Pulling => pullingOf(pair())

  describe('secrets', () => testSecrets(pulling))
  describe('into a new file', () => testFresh(pulling))
  describe('the output', () => testOutput(pulling))
})

function testSecrets(pulling: () => Pulling): void {
  it('the doctor reports the placeholder, and not the key that a variable gave', async () => {
    const { call, channels, there } = pulling()
    await executeRaw(there, channel({ id: 3, name: 'keyed', key: KEYS.local }))
    const env = { NEW_KEY: KEYS.fresh }
    const pulled = await call('pull --secret channels/keyed=env:NEW_KEY', env)
    assert.equal(pulled.code, 0, pulled.stderr)
    assert.deepEqual(keysIn(pulled), [])
    const keys = Object.fromEntries((await channels()) as [string, string][])
    assert.deepEqual([keys['keyed'], keys['new']], [KEYS.fresh, PLACEHOLDER])
    const diagnosis = (await call('doctor --json')).json() as unknown as Diagnosis
    const found = diagnosis.findings.filter(({ rule }) => rule === 'C13')
    assert.equal(found.length, 1, JSON.stringify(diagnosis.verdict))
    assert.match(JSON.stringify(found), /\bnew\b/)
    assert.doesNotMatch(JSON.stringify(found), /keyed/)
    assert.equal((await call('pull --dry-run')).code, 0)
  })

  it('a variable that is not set stops it before anything is written', async () => {
    const { call, here } = pulling()
    const before = await everything({ target: here })
    const { code, stderr } = await call('pull --secret channels/new=env:NEW_KEY')
    assert.equal(code, 1)
    assert.match(stderr, /NEW_KEY: is not set; channels\.key comes from it, or from NEW_KEY_FILE/)
    assert.deepEqual(await everything({ target: here }), before)
  })
}

function testFresh(pulling: () => Pulling): void {
  it('makes a working database, on which the doctor runs', async () => {
    const { call, here } = pulling()
    assert.ok(here.dialect === 'sqlite')
    const path = `${here.path}.fresh`
    const env = { SQL_DSN: 'local', SQLITE_PATH: path }
    const dry = await call('pull --dry-run', env)
    assert.equal(dry.code, 1)
    assert.match(dry.stderr, /there is no file .*fresh to compare with/)
    assert.equal(existsSync(path), false)
    const { code, stdout, stderr } = await call('pull', env)
    assert.equal(code, 0, stderr)
    const made = stdout.split('\n').filter((line) => /^\+ channels "(changed|new)"/.test(line))
    assert.equal(made.length, 2, stdout)
    assert.doesNotMatch(stdout, /placeholder/)
    const target = { ...here, path, label: path }
    const names = await queryRaw(target, 'select name, key from channels order by name')
    assert.deepEqual(names, [
      ['changed', PLACEHOLDER],
      ['new', PLACEHOLDER],
    ])
    const diagnosis = (await call('doctor --json', env)).json() as unknown as Diagnosis
    assert.ok(diagnosis.findings.some(({ rule }) => rule === 'C13'))
    const bytes = readFileSync(path)
    assert.equal((await call('pull', env)).code, 0)
    assert.ok(bytes.equals(readFileSync(path)))
    rmSync(path)
  })
}

function testOutput(pulling: () => Pulling): void {
  it('is one document with --json, whatever was done', async () => {
    const { call } = pulling()
    const statuses: unknown[] = []
    for (const line of ['pull --dry-run', 'pull', 'pull', 'pull --overwrite']) {
      const result = await call(`${line} --json`)
      statuses.push([result.code, result.json()['status']])
    }
    assert.deepEqual(statuses, [
      [2, 'pending'],
      [0, 'changed'],
      [0, 'settled'],
      [0, 'settled'],
    ])
  })

  it('shows hostile names inertly, and pulls them as they are', async () => {
    const { call, channels, there } = pulling()
    const isText = (value: string): boolean => value.isWellFormed() && !value.includes('\0')
    const names = ['渠道 甲', ...hostileValues(40).filter((one) => isText(one) && one !== '')]
    const rows = names.map((name, index) => channel({ id: 100 + index, name, key: KEYS.local }))
    await executeRaw(there, rows.join(''))
    for (const line of ['pull --dry-run', 'pull --dry-run --json', 'pull']) {
      const { stdout, stderr } = await call(line)
      assert.deepEqual(activeIn((stdout + stderr).replaceAll('\u200b', '')), [], line)
    }
    const pulled = new Set((await channels()).map(([name]) => name))
    assert.deepEqual(
      names.filter((name) => !pulled.has(name)),
      [],
    )
  })

  it('fits a narrow terminal, and is coloured only where that is wanted', async () => {
    const { here, there } = pulling()
    await executeRaw(
      there,
      channel({ id: 9, name: '一个名字很长的渠道 '.repeat(6), key: KEYS.local }),
    )
    const shown = async (env: Env, columns?: number): Promise<string> => {
      const options = { cwd: tmpdir(), env: { ...ends(here, there), ...env } }
      const width = columns === undefined ? {} : { columns }
      return (await callMain(['pull', '--dry-run'], { ...options, ...width })).stdout
    }
    const narrow = await shown({}, 40)
    assert.ok(narrow.includes('\u001b['))
    const lines = stripVTControlCharacters(narrow).split('\n')
    // Words are left whole, to be copied.
    const wide = lines.filter((line) => stringWidth(line) > 40 && /\S \S/.test(line.trim()))
    assert.deepEqual(wide, [])
    assert.ok(!(await shown({ NO_COLOR: '1' }, 100)).includes('\u001b['))
    assert.ok(!(await shown({})).includes('\u001b['))
  })
}
