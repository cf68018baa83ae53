import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { createLocal } from '../sync/local.ts'
import { KEYS, syncPair } from './sync-pair.ts'
import { everything } from './sync-state.ts'
import { type Act, hasTerminals, inTerminal, KEYS_PRESSED, type Session } from './terminal.ts'

const { down, space, enter, ctrlC } = KEYS_PRESSED

const QUESTION = 'Write 2 rows to production?'

const LIST = 'What shall be written to production?'

// What the database is makes no difference here.
describe('in a terminal', { skip: !hasTerminals() && 'SKIPPED: no util-linux here' }, () => {
  const pair = syncPair(createLocal)
  beforeEach(() => pair().reset())

  const run = (line: string, acts: readonly Act[], env = {}): Promise<Session> =>
    inTerminal(line, { cwd: pair().folder, env: { ...pair().env, ...env } }, acts)
  const rows = () => everything({ target: pair().production })
  const channels = () =>
    queryRaw(
      pair().production,
      'select name, models, cast(priority as text) from channels order by name',
    )

  it('push, answered with no, or with Ctrl-C, writes nothing', async () => {
    const before = await rows()
    const answer = async (keys: string): Promise<void> => {
      const { code, screen } = await run('push', [[QUESTION, keys]])
      assert.equal(code, 0, screen)
      assert.match(screen, /Plan: 2 rows to write in production/)
      assert.match(screen, /nothing was written/)
      assert.doesNotMatch(screen, /Wrote|error:|\n\s+at /)
    }
    await Promise.all([answer(`n${enter}`), answer(ctrlC)])
    assert.deepEqual(await rows(), before)
  })

  it('push, answered with y, writes', async () => {
    const { code, screen } = await run('push', [[QUESTION, `y${enter}`]])
    assert.equal(code, 0, screen)
    assert.match(screen, /Wrote 2 rows to production/)
    assert.ok(!Object.values(KEYS).some((key) => screen.includes(key)))
    assert.deepEqual(await channels(), [
      ['changed', 'gpt-5,mini', '7'],
      ['new', 'gpt-5', '0'],
      ['other', 'gpt-5', '0'],
    ])
  })

  it('a writer that comes before the answer: nothing is written, and what moved is shown', async () => {
    let moved: string[] = []
    const meanwhile = async (): Promise<void> => {
      await executeRaw(pair().production, 'update channels set priority = 3 where id = 11')
      moved = await rows()
    }
    const { code, screen } = await run('push', [[QUESTION, `y${enter}`, meanwhile]])
    assert.equal(code, 2, screen)
    assert.match(screen, /rows of channels changed after the plan was made; nothing was written/)
    assert.match(screen, /channels +"changed" "1" +priority +"1" +"3"/)
    assert.deepEqual(await rows(), moved)
  })

  it('a cell that is not picked stays, and so does a row', async () => {
    const cell = await run('push --pick', [
      [LIST, `${space}${enter}`],
      [QUESTION, `y${enter}`],
    ])
    assert.equal(cell.code, 0, cell.screen)
    assert.match(cell.screen, /it was not selected/)
    assert.deepEqual(await channels(), [
      ['changed', 'gpt-5', '7'],
      ['new', 'gpt-5', '0'],
      ['other', 'gpt-5', '0'],
    ])
    await pair().reset()
    const row = await run('push --pick', [
      [LIST, `${down}${down}${space}${enter}`],
      ['Write 1 row to production?', `y${enter}`],
    ])
    assert.equal(row.code, 0, row.screen)
    assert.deepEqual(
      (await channels()).map(([name]) => name),
      ['changed', 'other'],
    )
  })

  it('a list that is left with Ctrl-C is an end', async () => {
    const before = await rows()
    const { code, screen } = await run('push --pick', [[LIST, ctrlC]])
    assert.equal(code, 1, screen)
    assert.match(screen, /nothing was chosen; nothing was written/)
    assert.deepEqual(await rows(), before)
  })

  it('nobody is asked in CI', async () => {
    const before = await rows()
    const { code, screen } = await run('push', [], { CI: 'true' })
    assert.equal(code, 1, screen)
    assert.match(screen, /nobody can be asked here: add --yes/)
    assert.deepEqual(await rows(), before)
  })

  it('a pull that would lose rows here asks', async () => {
    const question = 'Write this to local?'
    const { code, screen } = await run('pull --overwrite', [[question, `n${enter}`]])
    assert.equal(code, 0, screen)
    assert.match(screen, /nothing was written/)
  })
})
