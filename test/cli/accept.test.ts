import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { beforeEach, describe, it } from 'node:test'
import type { AcceptedEntry } from '../../src/diff/accepted.ts'
import { commandOn, ownProject, reportOf } from '../drift/command.ts'
import { forOnePair, outlines } from '../drift/world.ts'

const FILE = 'drift-accepted.json'
const WHO = '--reason because --owner ops'

const day = (days: number): string =>
  new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

const channel = (id: number, name: string) => ({
  id,
  type: 1,
  name,
  key: 'sk-test-one',
  status: 2,
  models: 'm',
  group: 'default',
})

forOnePair('n26', (pair) => {
  const project = ownProject()
  const run = commandOn(pair, project)
  const report = (env = {}) => reportOf(run, 'drift', env)
  const exitCode = async () => (await run('drift')).code
  const stored = async () =>
    JSON.parse(await readFile(project.path(FILE), 'utf8')) as {
      version: number
      accepted: AcceptedEntry[]
    }
  const rewrite = async (change: (entry: AcceptedEntry) => object) => {
    const { version, accepted } = await stored()
    await project.write(FILE, JSON.stringify({ version, accepted: accepted.map(change) }))
  }
  const idOf = async (name: string) => {
    const { findings } = await report()
    return findings.find(({ key }) => key[0] === name)!.id
  }
  const accepts = async (line: string) => {
    const { code, stdout, stderr } = await run(`accept ${line}`)
    assert.equal(code, 0, stderr)
    return stdout
  }

  beforeEach(async () => {
    await rm(project.path(FILE), { force: true })
    await pair.insert('channels', channel(1, 'one'))
    await pair.insert('abilities', { group: 'default', model: 'm', channel_id: 1, enabled: false })
    await pair.to.execute(`update channels set remark = 'accepted', test_model = 'x' where id = 1`)
    await pair.to.insert('channels', channel(2, 'extra'))
    await pair.to.insert('abilities', {
      group: 'default',
      model: 'm',
      channel_id: 2,
      enabled: false,
    })
  })

  describe('accepting', () => {
    it('makes an entry of each cell, and the run passes until a value is another one', async () => {
      const [one, extra] = [await idOf('one'), await idOf('extra')]
      assert.match(
        await accepts(`${one} ${extra} ${WHO}`),
        /drift-accepted\.json: 3 accepted, 0 removed/,
      )
      const { version, accepted } = await stored()
      assert.equal(version, 1)
      assert.deepEqual(
        accepted.map(({ environment, key, column, reason, owner, expires }) => [
          environment,
          ...key,
          column,
          reason,
          owner,
          expires,
        ]),
        [
          ['production', 'extra', '1', null, 'because', 'ops', day(30)],
          ['production', 'one', '1', 'remark', 'because', 'ops', day(30)],
          ['production', 'one', '1', 'test_model', 'because', 'ops', day(30)],
        ],
      )
      assert.deepEqual(outlines(await report()), [
        'changed accepted channels one|1: remark test_model',
        'extra accepted channels extra|1',
      ])
      assert.equal(await exitCode(), 0)
      await pair.to.execute(`update channels set remark = 'another' where id = 1`)
      const { findings } = await report()
      const again = findings.find(({ key }) => key[0] === 'one')!
      assert.equal(again.class, 'different')
      assert.match(again.message, /another value for remark had been accepted \(ops, until /)
      assert.equal(await exitCode(), 2)
    })

    it('pins a secret by its fingerprint', async () => {
      await pair.to.execute(
        `update channels set remark = null, test_model = null, "key" = 'sk-test-two' where id = 1`,
      )
      await accepts(`${await idOf('one')} ${await idOf('extra')} ${WHO}`)
      assert.equal(await exitCode(), 0)
      assert.doesNotMatch(await readFile(project.path(FILE), 'utf8'), /sk-test/)
      await pair.to.execute(`update channels set "key" = 'sk-test-three' where id = 1`)
      assert.equal(await exitCode(), 2)
    })

    it('ends with its day, and says so; what nothing needs any more too', async () => {
      await accepts(`${await idOf('one')} ${await idOf('extra')} ${WHO}`)
      await rewrite((entry) => ({
        ...entry,
        ...(entry.column === 'remark' ? { expires: day(-1) } : {}),
      }))
      await pair.to.execute(
        'delete from abilities where channel_id = 2; delete from channels where id = 2',
      )
      const { findings, verdict } = await report()
      assert.deepEqual(outlines({ findings }), [
        'acceptance acceptance channels extra|1',
        'acceptance acceptance channels one|1',
        'changed different channels one|1: remark test_model',
      ])
      assert.equal(verdict.severities.warning, 2)
      assert.match(await accepts('--prune'), /0 accepted, 2 removed/)
      assert.deepEqual(
        (await stored()).accepted.map(({ column }) => column),
        ['test_model'],
      )
    })

    it('holds to the end of its last day', async () => {
      await accepts(`${await idOf('one')} ${await idOf('extra')} ${WHO} --expires ${day(0)}`)
      assert.equal(await exitCode(), 0)
    })

    it('is for one environment', async () => {
      await accepts(`${await idOf('one')} ${await idOf('extra')} ${WHO}`)
      await rewrite((entry) => ({ ...entry, environment: 'staging' }))
      assert.equal(await exitCode(), 2)
      await accepts('--prune')
      assert.equal((await stored()).accepted.length, 3)
    })

    it('of the same thing again replaces its entry', async () => {
      const id = await idOf('one')
      await accepts(`${id} ${WHO}`)
      await accepts(`${id} --reason later --owner ops`)
      const { accepted } = await stored()
      assert.deepEqual(
        accepted.map(({ reason }) => reason),
        ['later', 'later'],
      )
    })
  })

  describe('what is refused leaves no file', () => {
    const CASES = {
      'no id': ['accept --reason r --owner o', /which difference is meant is missing/],
      'an unknown id': [`accept 000000000000 ${WHO}`, /no difference with this id/],
      'no reason': ['accept 000000000000 --owner o', /says why/],
      'no owner': ['accept 000000000000 --reason r', /says why/],
      'a past day': [`accept 000000000000 ${WHO} --expires ${day(-1)}`, /--expires is over/],
      'no day': [`accept 000000000000 ${WHO} --expires 2027-02-30`, /--expires is no date/],
      'a time': [`accept 000000000000 ${WHO} --expires 2027-02-03T10:00`, /--expires is no date/],
      'no word': [`accept 000000000000 ${WHO} --expires tomorrow`, /--expires is no date/],
    } as const
    for (const [name, [line, message]] of Object.entries(CASES)) {
      it(name, async () => {
        const { code, stderr } = await run(line)
        assert.equal(code, 1)
        assert.match(stderr, message)
        assert.match(stderr, /\nnext: /)
        assert.equal(existsSync(project.path(FILE)), false)
      })
    }
  })

  describe('a file that is none stops every comparison', () => {
    const entry = {
      environment: 'production',
      table: 'channels',
      key: ['one', '1'],
      column: null,
      path: null,
      pin: 'sha256:0',
      reason: 'r',
      owner: 'o',
      expires: '2099-01-01',
    }
    const CASES = {
      'no JSON': ['{', /is no JSON/],
      'another version': [{ version: 2, accepted: [] }, /at version/],
      'a list': [[], /at its top/],
      'an extra member': [
        { version: 1, accepted: [{ ...entry, forever: true }] },
        /at accepted\.0/,
      ],
      'no reason': [
        { version: 1, accepted: [{ ...entry, reason: ' ' }] },
        /at accepted\.0\.reason/,
      ],
      'no day': [
        { version: 1, accepted: [{ ...entry, expires: '2027-02-30' }] },
        /accepted\.0\.expires/,
      ],
    } as const
    for (const [name, [content, message]] of Object.entries(CASES)) {
      it(name, async () => {
        const text = typeof content === 'string' ? content : JSON.stringify(content)
        await project.write(FILE, text)
        for (const line of ['drift', 'accept --prune']) {
          const { code, stdout, stderr } = await run(line)
          assert.equal(code, 1, line)
          assert.equal(stdout, '')
          assert.match(stderr, message)
          assert.match(stderr, /drift-accepted\.json/)
        }
        assert.equal(await readFile(project.path(FILE), 'utf8'), text)
      })
    }
  })
})
