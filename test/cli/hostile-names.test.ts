import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { forEachDialect } from '../support/databases.ts'
import { executeRaw } from '../support/raw.ts'
import { channelRow, insertText } from '../seed/world.ts'
import { activeIn, callerIn, envOf, runnerIn, testProject } from './runs.ts'

const project = testProject()
const call = callerIn(project)
const run = runnerIn(project)

/** What whoever may name a channel could write into a terminal or a CI log. */
const HOSTILE = {
  'ANSI colours': 'a\u001b[31mred\u001b[2K\u001b[1A',
  'OSC 8 link': '\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007',
  'C1 controls': 'a\u009b31mred\u009d8;;x\u009c',
  bidi: 'a\u202egnp.exe\u2066x\u2069',
  'zero width': 'pay\u200bload\u200d\ufeff\u00ad',
  'workflow command': 'x\n::add-mask::prod\n##[error]x\r\n::stop-commands::y',
  'line separators': 'x\u2028::error::y\u2029::error::z\u0085::error::w',
  tags: 'x\u{e0041}\u{e0042}',
  'hangul filler': 'x\u3164y\u115f',
  backspace: 'admin\b\b\b\b\broot',
} as const

/** A few at a time: what is shown of a name is cut. */
function chunks(): [kinds: string, text: string][] {
  const entries = Object.entries(HOSTILE)
  const starts = [...entries.keys()].filter((index) => index % 3 === 0)
  return starts.map((start) => {
    const some = entries.slice(start, start + 3)
    return [some.map(([kind]) => kind).join(), some.map(([, text]) => text).join('')]
  })
}

forEachDialect((_dialect, create) => {
  it('no name of a channel, model or URL is active in any output', async () => {
    const { target } = await create({ fixture: 'n26' })
    const env = { ...envOf(target), BLTCY_CHANNEL_TYPE: '37' }
    assert.equal((await call('migrate up', env)).code, 0)
    for (const [kind, text] of chunks()) {
      const like = { type: 37, base_url: 'https://old-gateway.example' }
      const rows = [
        { id: 1, ...like, name: text, models: `${text},pika`, tag: text },
        { id: 2, ...like, name: `${text}2`, models: text },
      ]
      await executeRaw(
        target,
        rows.map((row) => insertText(target.dialect, 'channels', channelRow(row))).join('\n'),
      )
      // Two candidates are refused with their names; one is planned, then written.
      for (const [line, code] of [
        ['deploy', 1],
        ['seed plan --adopt 1', 2],
        ['seed status --adopt 1', 2],
        ['deploy --adopt 1', 2],
        ['deploy', 2],
      ] as const) {
        for (const mode of ['', '--json']) {
          if (mode === '--json' && line === 'deploy --adopt 1') continue
          const { stdout, stderr, ...result } = await call(`${line} ${mode}`, env)
          assert.equal(result.code, code, `${kind}: ${line} ${mode}: ${stderr}`)
          assert.deepEqual(activeIn(stdout), [], `${kind}: ${line} ${mode}: stdout`)
          assert.deepEqual(activeIn(stderr), [], `${kind}: ${line} ${mode}: stderr`)
          if (mode === '--json') assert.ok(result.json())
        }
      }
      await executeRaw(
        target,
        'delete from channels; delete from abilities; delete from tidegate_base;',
      )
    }
  })
})

describe('names in a document', () => {
  it('are there for a program as they are', async () => {
    const name = `${HOSTILE.bidi}${HOSTILE['zero width']}旧`
    const env = { SQL_DSN: 'local', SQLITE_PATH: 'names.db', BLTCY_CHANNEL_NAME: name }
    const result = await run('deploy --json', env)
    assert.deepEqual(activeIn(result.stdout), [])
    const [seed] = result.json()['seeds'] as { rows: { label: string }[] }[]
    assert.equal(seed!.rows[0]!.label, name)
  })
})
