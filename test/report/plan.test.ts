import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import type { Plan } from '../../src/apply/plan.ts'
import type { CellChange } from '../../src/diff/change.ts'
import { escapeLineStart } from '../../src/report/escape.ts'
import { plainText } from '../../src/report/phrase.ts'
import { renderPlanMarkdown } from '../../src/report/plan-markdown.ts'
import type { LeftFacts, PlanFacts } from '../../src/report/plan-model.ts'
import { writtenVerdict } from '../../src/report/plan-phrases.ts'
import { renderStale, type StaleRowFacts } from '../../src/report/plan-stale.ts'
import { renderPlanText } from '../../src/report/plan-text.ts'
import { planFacts } from '../../src/report/plan.ts'
import { naturalKey } from '../../src/snapshot/model.ts'
import { activeIn } from '../cli/runs.ts'
import { hostileValues } from '../support/hostile.ts'
import { cellChange, EVERY_ITEM, madeUpPlan, planItem } from '../support/plan.ts'

const LEFT: LeftFacts = {
  id: 'a00000000001',
  table: 'channels',
  key: ['other', '1'],
  why: 'it was changed in production; --overwrite writes it',
  code: 'drift',
}

const PLAIN = { width: Number.POSITIVE_INFINITY, colors: false, next: null }

const text = (facts: PlanFacts): string => renderPlanText(facts, PLAIN)

const FULL = `Plan: 5 rows to write in production (2 new, 3 changed), 1 to delete; 1 left alone
from local (database) to postgres gateway@db.example:5432/gateway, new-api since 2025-09-09

+ channels "made up" "55" (only local has it) 000000000001
    name: "made up"
    key: from env:MADE_UP_KEY
    models: "gpt-5"
    abilities: +1 ~0 -0
~ channels "OpenAI main" "1" (changed in local) 000000000002
    priority: "5" → "0"
    models: added "gpt-5-mini", removed "gpt-4"
    group: " default" → "default" (the gateway does not trim)
    key: from file:secrets/openai
    abilities: +1 ~1 -1
~ options "ModelPrice" (changed in production, to be overwritten) 000000000003
    value gpt-4: removed "1"
    value gpt-5: "2" → "3"
    value mini: added "1"
~ tokens "alice" "main" (changed in both, production to be overwritten) 000000000004
    user_id: "alice" → "bob"
    key: kept
- channels "old" "1" (only production has it, and tidegate made it) 000000000005
    name: "old"
    abilities: +0 ~0 -1
+ channels "copied" "1" (declared by seed:bltcy-channel) 000000000006
    key: placeholder

Left alone:
  channels "other" "1": it was changed in production; --overwrite writes it a00000000001

$ tidegate apply plan.json`

describe('a plan as text', () => {
  it('says every row, every cell and why', () => {
    const facts = planFacts(madeUpPlan(), [LEFT])
    assert.equal(renderPlanText(facts, { ...PLAIN, next: 'tidegate apply plan.json' }), FULL)
  })

  const VERDICTS: readonly (readonly [string, Plan['items'], readonly LeftFacts[], string])[] = [
    ['nothing', [], [], 'Plan: nothing to write in production'],
    ['nothing that is written', [], [LEFT], 'Plan: nothing to write in production; 1 left alone'],
    [
      'one row',
      [planItem()],
      [],
      'Plan: 1 row to write in production (0 new, 1 changed), 0 to delete',
    ],
  ]
  for (const [name, items, left, verdict] of VERDICTS) {
    it(`begins with the verdict: ${name}`, () => {
      assert.equal(text(planFacts(madeUpPlan(items), left)).split('\n')[0], verdict)
    })
  }

  it('leaves out what a new row does not have', () => {
    const [item] = EVERY_ITEM
    const [change] = item!.changes
    assert.ok(change.kind === 'insert')
    const none = cellChange({ column: 'tag', before: null, after: null })
    const items = [{ ...item!, changes: [{ ...change, cells: [none, ...change.cells] }] as const }]
    const facts = planFacts(madeUpPlan(items), [])
    assert.doesNotMatch(text(facts), /tag/)
    assert.equal(facts.rows[0]!.cells[0]!.column, 'tag')
  })

  it('counts the rows left alone that it does not list', () => {
    const lines = text(
      planFacts(
        madeUpPlan([]),
        Array.from({ length: 103 }, () => LEFT),
      ),
    ).split('\n')
    assert.match(lines[0]!, /103 left alone$/)
    assert.equal(lines.filter((line) => line.includes('"other"')).length, 100)
    assert.equal(lines.at(-1), '  and 3 more')
  })

  it('names new rows only, and not all of many, where nobody is asked', () => {
    const [item, changed] = EVERY_ITEM
    const items = [...Array.from({ length: 22 }, () => item!), changed!]
    const facts = planFacts(madeUpPlan(items), [])
    const lines = renderPlanText(facts, { ...PLAIN, brief: true })
      .split('\n')
      .slice(3)
    assert.match(lines[0]!, /^~ channels "OpenAI main"/)
    assert.match(lines[1]!, /priority: "5" → "0"/)
    const made = lines.slice(lines.findIndex((line) => line.startsWith('+')))
    assert.equal(made.length, 21)
    assert.ok(made.slice(0, 20).every((line) => line.startsWith('+ channels "made up" "55"')))
    assert.equal(made[20], '+ and 2 more')
  })

  it('says what was written', () => {
    const done = plainText(writtenVerdict(planFacts(madeUpPlan(), [])))
    assert.equal(done, 'Wrote 5 rows to production (2 new, 3 changed), deleted 1')
    const remembered = plainText(writtenVerdict(planFacts(madeUpPlan([]), [])))
    assert.equal(remembered, 'Wrote no row, and remembered in production what both sides agree on')
  })
})

const SECRET = 'sk-test-canary0123456789'

/** The lines of the cells of a plan that changes one row. */
function cellLines(cell: Partial<CellChange>, table = 'channels', key = 'a'): string[] {
  const change = {
    kind: 'update',
    table,
    key: naturalKey([key]),
    locator: { id: '1' },
    cells: [cellChange(cell)],
  } as const
  const facts = planFacts(madeUpPlan([planItem({ table, key: [key], changes: [change] })]), [])
  return text(facts).split('\n').slice(4)
}

describe('a cell', () => {
  const many = Array.from({ length: 33 }, (_, index) => `m${index}`)
  const CASES: readonly (readonly [string, string[], string | RegExp])[] = [
    ['NULL and a text', cellLines({ before: null, after: 'NULL' }), '    priority: NULL → "NULL"'],
    [
      'a long list',
      cellLines({ column: 'models', before: '', after: many.join() }),
      /^ {4}models: added "m0", .*"m29", and 3 more$/,
    ],
    [
      'a reordered list',
      cellLines({ column: 'models', before: 'a,b', after: 'b,a' }),
      '    models: "a,b" → "b,a"',
    ],
    [
      'a map that is none',
      cellLines({ column: 'model_mapping', before: 'x', after: '{"a":"b"}' }),
      '    model_mapping: "x" → "{"a":"b"}"',
    ],
    [
      'a member of a map',
      cellLines({ column: 'model_mapping', before: '{}', after: '{"a":"b"}' }),
      '    model_mapping a: added ""b""',
    ],
    [
      'a secret that is set',
      cellLines({ column: 'key', secret: true, before: '', after: 'set' }),
      '    key: set',
    ],
    [
      'a secret that goes',
      cellLines({ column: 'key', secret: true, before: 'set', after: '' }),
      '    key: removed',
    ],
    [
      'an option that is a secret',
      cellLines({ column: 'value', before: SECRET, after: '1234567' }, 'options', 'SMTPToken'),
      '    value: set',
    ],
    [
      'a password in an address',
      cellLines({ column: 'base_url', before: `https://u:${SECRET}@a.example`, after: '' }),
      '    base_url: "https://[secret]@a.example" → ""',
    ],
    [
      'a secret in a name',
      cellLines({ column: 'tag', before: null, after: SECRET }),
      '    tag: NULL → "[secret]"',
    ],
    [
      'a secret among members',
      cellLines({ column: 'models', before: SECRET, after: '' }),
      '    models: removed "[secret]"',
    ],
  ]
  for (const [name, lines, says] of CASES) {
    it(name, () => {
      assert.equal(lines.length, 1)
      if (typeof says === 'string') assert.equal(lines[0], says)
      else assert.match(lines[0]!, says)
      assert.ok(!lines[0]!.includes(SECRET))
    })
  }
})

/** A plan in which every text that a database could hold is `value`. */
function planOf(values: readonly string[]): PlanFacts {
  const items = values.map((value, index) =>
    planItem({
      id: String(index).padStart(12, '0'),
      table: `t${value}`,
      key: [value, value],
      source: value,
      reason: 'declared',
      changes: [
        {
          kind: 'update',
          table: `t${value}`,
          key: naturalKey([value]),
          locator: { id: '1' },
          cells: [
            cellChange({ column: `c${value}`, before: value, after: null }),
            cellChange({ column: 'key', before: null, after: 'set', secret: true }),
          ],
        },
      ],
      secrets: [{ column: 'key', reference: { kind: 'file', path: value } }],
    }),
  )
  const [name = ''] = values
  const plan = madeUpPlan(items)
  return planFacts(
    {
      ...plan,
      from: { name: `f${name}`, kind: 'database' },
      target: { ...plan.target, environment: `e${name}`, label: name },
      gateway: name,
    },
    values.map((value) => ({ ...LEFT, table: value, key: [value], why: value })),
  )
}

/** The tree as a forge sees it, without what is in code. */
function skeleton(markdown: string): string {
  const options = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }
  const blank = (node: Nodes): unknown => {
    if ('children' in node) return [node.type, ...node.children.map(blank)]
    return node.type === 'inlineCode' || !('value' in node) ? node.type : [node.type, node.value]
  }
  return JSON.stringify(blank(fromMarkdown(markdown, options)))
}

/** What a forge or a mail turns into something, wherever it stands. */
const REFERENCE = /@\w|#\d|GH-\d|:\/\/|www\.|mailto:\w|:[\w+-]+:|##\[|^\s*::/im

const NEXT = 'tidegate apply plan.json'

/** Every level of detail, the fullest first: each budget is one byte less than the last text. */
function levels(facts: PlanFacts): string[] {
  const texts: string[] = []
  for (let budget = Number.MAX_SAFE_INTEGER; ;) {
    const markdown = renderPlanMarkdown(facts, NEXT, budget)
    if (markdown === texts.at(-1)) return texts
    texts.push(markdown)
    budget = Buffer.byteLength(markdown) - 1
  }
}

describe('hostile data', () => {
  const groups = Array.from({ length: 8 }, (_, index) =>
    hostileValues(300, index + 1).slice(index * 12, index * 12 + 12),
  )

  it('neither moves the cursor nor starts a command', () => {
    for (const values of groups) {
      const facts = planOf(values)
      const render = (colors: boolean): string =>
        renderPlanText(facts, { width: 60, colors, next: values[0]! })
      const shown = render(false)
      assert.deepEqual(activeIn(shown), [])
      assert.equal(stripVTControlCharacters(render(true)), shown)
    }
  })

  it('leaves the document in Markdown as it is, at every level', () => {
    const harmless = levels(planOf(Array.from({ length: 12 }, (_, index) => `x${index}`))).map(
      skeleton,
    )
    assert.equal(harmless.length, 4)
    for (const values of groups) {
      const texts = levels(planOf(values))
      assert.deepEqual(texts.map(skeleton), harmless)
      for (const one of texts) {
        assert.doesNotMatch(one, REFERENCE)
        assert.deepEqual(activeIn(one.replaceAll('\u200b', '')), [])
      }
    }
  })

  it('stays inert in what has moved', () => {
    const rows = groups.flat().map((value): StaleRowFacts => ({
      table: value,
      key: [value],
      problem: 'changed',
      cells: [{ column: value, planned: value, now: null }],
    }))
    const shown = renderStale({ message: 'm', nextStep: 'n', rows, count: rows.length }, PLAIN)
    // As every line is that is printed.
    assert.deepEqual(activeIn(shown.split('\n').map(escapeLineStart).join('\n')), [])
  })
})

describe('Markdown', () => {
  it('has room in a comment: first the cells go, then the rows, with their counts', () => {
    const plan = (rows: number): PlanFacts =>
      planFacts(madeUpPlan(Array.from({ length: rows }, () => EVERY_ITEM[1]!)), [])
    const lacks = [
      [10, null],
      [250, /no room for the cells/],
      [1_200, /no room for the rows/],
    ] as const
    for (const [rows, says] of lacks) {
      const markdown = renderPlanMarkdown(plan(rows), NEXT)
      assert.ok(Buffer.byteLength(markdown) <= 60_000)
      assert.match(markdown.slice(0, 400), new RegExp(`^\\*\\*Plan: ${rows} rows to write`))
      const head = markdown.slice(0, 400)
      if (says === null) assert.doesNotMatch(head, /no room/)
      else assert.match(head, says)
      assert.match(markdown.slice(-100), /`tidegate apply plan\.json`$/)
    }
    assert.match(renderPlanMarkdown(plan(1_200), NEXT), /\| `channels` \| 0 \| 1200 \| 0 \|/)
  })
})

describe('what has moved', () => {
  it('is a table of what was planned on and what is there', () => {
    const place = { table: 'channels', key: ['a', '1'] }
    const shown = renderStale(
      {
        message: 'rows of channels changed; nothing was written',
        nextStep: 'plan anew',
        count: 5,
        rows: [
          {
            ...place,
            problem: 'changed',
            cells: [
              { column: 'priority', planned: '5', now: '6' },
              { column: 'tag', planned: null, now: SECRET },
            ],
          },
          { ...place, problem: 'gone', cells: [] },
          { ...place, problem: 'exists', cells: [] },
          { ...place, problem: 'changed', cells: [] },
        ],
      },
      PLAIN,
    )
    assert.equal(
      shown,
      `rows of channels changed; nothing was written

table     row      column    planned    now
channels  "a" "1"  priority  "5"        "6"
                   tag       NULL       "[secret]"
channels  "a" "1"            there      gone
channels  "a" "1"            not there  there
channels  "a" "1"                       changed
and 1 more

next: plan anew`,
    )
  })
})
