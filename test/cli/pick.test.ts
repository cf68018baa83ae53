import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { describe, it } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import type { Plan } from '../../src/apply/plan.ts'
import { Context, type Terminal } from '../../src/cli/context.ts'
import { Output } from '../../src/cli/output.ts'
import { type Picked, pickItems } from '../../src/cli/pick.ts'
import { TidegateError } from '../../src/errors.ts'
import { naturalKey } from '../../src/snapshot/model.ts'
import { hostileValues } from '../support/hostile.ts'
import { cellChange, EVERY_ITEM, madeUpPlan, planItem } from '../support/plan.ts'
import { activeIn } from './runs.ts'

const [DOWN, SPACE, ENTER, CTRL_C] = ['\u001b[B', ' ', '\r', '\u0003']

interface Answer {
  readonly picked: Picked
  /** What the terminal showed, without its own movements and colours. */
  readonly screen: string
}

function contextOf(terminal?: Terminal): Context {
  const sink = { write: () => true }
  const output = new Output({ stdout: sink, stderr: sink, env: {} })
  const host = { cwd: '/', env: {}, output, commands: new Set<string>(), language: 'en' } as const
  return new Context(terminal === undefined ? host : { ...host, terminal }, {})
}

/** Presses keys as a person would. */
async function pick(plan: Plan, keys: readonly string[]): Promise<Answer> {
  const [input, output] = [new PassThrough(), new PassThrough()]
  const shown: Buffer[] = []
  output.on('data', (chunk: Buffer) => shown.push(chunk))
  const terminal = { input, output } as unknown as Terminal
  const asked = pickItems(contextOf(terminal), plan)
  asked.catch(() => undefined)
  while (shown.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  for (const key of keys) input.write(key)
  const picked = await asked
  return { picked, screen: stripVTControlCharacters(Buffer.concat(shown).toString('utf8')) }
}

/** What is asked of an answer: of an updated row each column, of another one the row. */
function answers({ items }: Plan, { picked }: Answer): string[] {
  return items.flatMap((item) => {
    const columns =
      item.operation === 'update'
        ? item.changes.flatMap((one) =>
            one.kind === 'rebuild' ? [] : one.cells.map(({ column }) => column),
          )
        : [null]
    return columns
      .filter((column) => picked(item, column))
      .map((column) => `${item.key[0]} ${column ?? 'row'}`)
  })
}

const PLAN = madeUpPlan(EVERY_ITEM.slice(0, 2))

const ALL = [
  'made up row',
  ...['priority', 'models', 'group', 'key'].map((one) => `OpenAI main ${one}`),
]

describe('the picker', () => {
  const CASES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['everything is chosen at first', [ENTER], ALL],
    ['a row can be left out', [SPACE, ENTER], ALL.slice(1)],
    [
      'a cell can be left out',
      [DOWN, SPACE, ENTER],
      ALL.filter((one) => !one.endsWith('priority')),
    ],
    ['all can be left out', ['a', ENTER], []],
  ]
  for (const [name, keys, expected] of CASES) {
    it(name, async () => {
      const answer = await pick(PLAN, keys)
      assert.deepEqual(answers(PLAN, answer), expected)
      assert.equal(
        answer.picked(EVERY_ITEM[1]!, null),
        expected.some((one) => one.startsWith('OpenAI')),
      )
    })
  }

  it('shows rows and cells, and none of them acts on the terminal', async () => {
    const { screen } = await pick(PLAN, [ENTER])
    assert.match(screen, /What shall be written to production\?/)
    assert.match(screen, /\+ channels "made up" "55" \(only local has it\)/)
    assert.match(screen, /priority: "5" → "0"/)
    const items = hostileValues(60, 3).map((value) => {
      const cells = [cellChange({ before: value })] as const
      const change = {
        kind: 'update',
        table: value,
        key: naturalKey([value]),
        locator: {},
        cells,
      } as const
      return planItem({ key: [value], table: value, changes: [change] })
    })
    for (const item of items) {
      const shown = (await pick(madeUpPlan([item]), [ENTER])).screen
      assert.deepEqual(activeIn(shown.replaceAll(/[\r\b]/g, '')), [])
    }
  })

  it('offers no secret that is kept', async () => {
    const { screen } = await pick(madeUpPlan([EVERY_ITEM[3]!]), [ENTER])
    assert.match(screen, /user_id: "alice" → "bob"/)
    assert.doesNotMatch(screen, /kept/)
  })

  it('left with Ctrl-C is an end, and nothing is chosen', async () => {
    await assert.rejects(pick(PLAN, [CTRL_C]), { code: 'interrupted' })
  })

  it('needs somebody to ask', async () => {
    await assert.rejects(pickItems(contextOf(), PLAN), (error: TidegateError) => {
      assert.equal(error.code, 'usage')
      assert.match(error.nextStep!, /--select/)
      return true
    })
  })
})
