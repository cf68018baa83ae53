import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { assertShareable } from '../../src/apply/plan-secrets.ts'
import type { Plan, PlanItem } from '../../src/apply/plan.ts'
import { TidegateError } from '../../src/errors.ts'
import { naturalKey } from '../../src/snapshot/model.ts'
import { cellChange, EVERY_ITEM, madeUpPlan, planItem } from '../support/plan.ts'

/** Made up, and in every case that follows. */
const SECRET = 'sk-test-canary0123456789'

function updating(table: string, key: string, column: string, before: string): PlanItem {
  const cells = [cellChange({ column, before, after: '' })] as const
  const change = {
    kind: 'update',
    table,
    key: naturalKey([key]),
    locator: { id: '1' },
    cells,
  } as const
  return planItem({ table, key: [key], changes: [change] })
}

function withSource(...items: readonly [string, string][]): Plan {
  return madeUpPlan(
    items.map(([name, column]) =>
      planItem({ key: [name, '1'], secrets: [{ column, reference: { kind: 'source' } }] }),
    ),
  )
}

const rebuild = EVERY_ITEM[0]!.changes[1]!
assert.ok(rebuild.kind === 'rebuild')
const own = new Map([['note', SECRET]])
const tagged = { ...rebuild, insert: [{ ...rebuild.insert[0]!, own }] }

const remembering = {
  ...madeUpPlan([]).memory[0]!,
  cells: JSON.stringify({ base_url: `https://a:${SECRET}@b.example` }),
}

const CASES: readonly (readonly [name: string, plan: Plan, says: RegExp])[] = [
  [
    'a password in an address',
    madeUpPlan([updating('channels', 'a', 'base_url', `https://u:${SECRET}@a.example`)]),
    /in channels a base_url$/,
  ],
  [
    'an option by its name',
    madeUpPlan([updating('options', 'SMTPToken', 'value', 'x')]),
    /options SMTPToken value$/,
  ],
  [
    'a member of JSON',
    madeUpPlan([updating('channels', 'a', 'setting', `{"api_key":"${SECRET}"}`)]),
    /channels a setting$/,
  ],
  ['a name', madeUpPlan([planItem({ key: [SECRET] })]), /in channels \[secret\]$/],
  [
    'a cell of an ability',
    madeUpPlan([planItem({ changes: [tagged] })]),
    /in channels OpenAI main 1$/,
  ],
  [
    'what is remembered',
    { ...madeUpPlan([]), memory: [remembering] },
    /what is remembered of channels/,
  ],
  [
    'what this run has loaded',
    madeUpPlan([updating('channels', 'a', 'remark', 'loaded: 12345678')]),
    /channels a remark$/,
  ],
  [
    'many',
    madeUpPlan(
      ['1', '2', '3', '4', '5', '6', '7'].map((key) => updating('channels', key, 'tag', SECRET)),
    ),
    /channels 5 tag and 2 more$/,
  ],
]

const redact = (text: string): string => text.replaceAll('12345678', '[secret]')

describe('a plan for a file', () => {
  it('may hold fingerprints, references and all other values', () => {
    assertShareable(madeUpPlan(), redact)
  })

  for (const [name, plan, says] of CASES) {
    it(`holds no secret: ${name}`, () => {
      assert.throws(
        () => assertShareable(plan, redact),
        (error: TidegateError) => {
          assert.equal(error.code, 'plan')
          assert.match(error.message, says)
          assert.ok(!`${error.message}${error.nextStep}`.includes(SECRET))
          return true
        },
      )
    })
  }

  it('names the secrets that only the left side has, and how to say where they are', () => {
    const plan = withSource(['a b', 'key'], ['c', 'key'])
    assert.throws(() => assertShareable(plan, redact), {
      code: 'plan',
      message: /only local has those of channels\/a b key, channels\/c key$/,
      nextStep: /--secret 'channels\/a b=env:VARIABLE'/,
    })
  })
})
