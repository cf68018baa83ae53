import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import {
  assertUsable,
  type PlanDocument,
  readPlanFile,
  sealPlan,
  type SealOptions,
  writePlanFile,
} from '../../src/apply/plan-file.ts'
import { digestOf, entriesOfMaps } from '../../src/apply/plan-seal.ts'
import { planDocument } from '../../src/apply/plan-shape.ts'
import type { Plan } from '../../src/apply/plan.ts'
import { TidegateError } from '../../src/errors.ts'
import { escapeJson } from '../../src/report/escape.ts'
import { Secret } from '../../src/secret.ts'
import { naturalKey } from '../../src/snapshot/model.ts'
import { hostileValues } from '../support/hostile.ts'
import { cellChange, madeUpPlan, planItem } from '../support/plan.ts'

const SCHEMA = join(import.meta.dirname, '../../docs/schemas/plan.schema.json')

const schema = JSON.parse(await readFile(SCHEMA, 'utf8')) as object
const validate = new Ajv2020({ strictTypes: false }).compile(schema)

const KEY = new Secret('sk-test-plan-key-0123456789abcdef')

const MADE = new Date('2026-11-22T20:00:00.000Z')

const EXPIRES = new Date('2026-11-23T20:00:00.000Z')

function seal(plan: Plan = madeUpPlan(), options: Partial<SealOptions> = {}): PlanDocument {
  const defaults = { toolVersion: '1.2.3', createdAt: MADE, expiresAt: EXPIRES, key: null }
  return sealPlan(plan, { ...defaults, ...options })
}

type Members = Record<string, unknown>

/** The document as JSON, changed; the digest is made anew, as somebody who forges it would. */
function forged(change: (document: Members) => unknown): string {
  const copy = JSON.parse(JSON.stringify(seal(), entriesOfMaps)) as Members
  change(copy)
  const { digest: _, seal: __, ...body } = copy
  if (typeof copy['digest'] === 'string') copy['digest'] = digestOf(body)
  return JSON.stringify(copy)
}

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidegate-plan-'))
})
after(() => rm(folder, { recursive: true, force: true }))

let files = 0
const newPath = (): string => join(folder, `${(files += 1)}.json`)

async function readText(text: string): Promise<PlanDocument> {
  const path = newPath()
  await writeFile(path, text)
  return readPlanFile(path, 'plan.json')
}

async function refusal(read: Promise<unknown>): Promise<TidegateError> {
  const error = await read.then(
    () => assert.fail('it was taken'),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof TidegateError, String(error))
  assert.equal(error.code, 'plan')
  assert.ok(error.nextStep)
  return error
}

describe('a plan file', () => {
  it('gives back the plan, maps and all, and is private', async () => {
    const document = seal()
    const path = newPath()
    await writePlanFile(path, document)
    assert.deepEqual(await readPlanFile(path, 'plan.json'), document)
    assert.equal((await stat(path)).mode & 0o777, 0o600)
  })

  it('holds hostile names and values as they are, and shows none to a terminal', async () => {
    const items = hostileValues(300, 5).map((value) =>
      planItem({
        key: [value, '1'],
        changes: [
          {
            kind: 'update',
            table: 'channels',
            key: naturalKey([value, '1']),
            locator: { id: value },
            cells: [cellChange({ before: value, after: null })],
          },
        ],
      }),
    )
    const path = newPath()
    const document = seal(madeUpPlan(items), { key: KEY })
    await writePlanFile(path, document, escapeJson)
    const text = await readFile(path, 'utf8')
    assert.equal(text, escapeJson(text))
    const found = await readPlanFile(path, 'plan.json')
    assert.deepEqual(found, document)
    assertUsable(found, { key: KEY, now: MADE, shown: 'plan.json' })
  })

  it('says why it cannot be written, and leaves nothing behind', async () => {
    const before = await readdir(folder)
    const error = await refusal(writePlanFile(join(folder, 'none', 'plan.json'), seal()))
    assert.match(error.message, /cannot be written/)
    assert.deepEqual(await readdir(folder), before)
  })

  it('too large to be read again is not written', async () => {
    const huge = planItem({ source: 'x'.repeat(64 * 1024 * 1024) })
    const path = newPath()
    const document = { ...seal(), plan: madeUpPlan([huge]) }
    const error = await refusal(writePlanFile(path, document))
    assert.match(error.message, /too large/)
    await assert.rejects(stat(path), { code: 'ENOENT' })
  })
})

describe('a file that is refused', () => {
  const text = JSON.stringify(seal(), entriesOfMaps)
  const CASES: readonly (readonly [name: string, text: string, says: RegExp])[] = [
    ['no JSON', 'not a plan', /it is no plan$/],
    ['nothing', '', /it is no plan$/],
    ['another document', '{"version":1}', /it is no plan$/],
    ['a list', '[]', /it is no plan$/],
    ['cut off', text.slice(0, -100), /cut off/],
    ['a changed cell', text.replace('"after":"0"', '"after":"1"'), /altered/],
    ['a changed environment', text.replace('"production"', '"staging"'), /altered/],
    ['a longer life', text.replace('2026-11-23', '2027-11-23'), /altered/],
    ['a member more', text.replace('"seeds":[', '"more":1,"seeds":['), /altered/],
    ['a newer version', forged((one) => (one['version'] = 2)), /another version/],
    [
      'a newer schema',
      forged((one) => (one['$schema'] = 'urn:tidegate:plan:v2')),
      /another version/,
    ],
    ['no digest', forged((one) => delete one['digest']), /at digest/],
  ]
  for (const [name, content, says] of CASES) {
    it(name, async () => {
      const { message } = await refusal(readText(content))
      assert.match(message, /^the plan plan\.json cannot be used: /)
      assert.match(message, says)
    })
  }

  it('that is too large, or is none', async () => {
    const path = newPath()
    await writeFile(path, '')
    await truncate(path, 64 * 1024 * 1024 + 1)
    assert.match((await refusal(readPlanFile(path, 'x'))).message, /larger than 64 MiB/)
    assert.match((await refusal(readPlanFile(folder, 'x'))).message, /cannot be read/)
    assert.match((await refusal(readPlanFile(newPath(), 'x'))).message, /cannot be read/)
  })
})

/** Objects of the document, by the steps to them. */
function objectPaths(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.entries(value).flatMap(([key, one]) => objectPaths(one, [...path, key]))
  return Array.isArray(value) || path.at(-1) === 'locator' ? inner : [path, ...inner]
}

function at(document: Members, path: readonly string[]): Members {
  return path.reduce((value: unknown, step) => (value as Members)[step], document) as Members
}

describe('the published schema', () => {
  const document = JSON.parse(JSON.stringify(seal(), entriesOfMaps)) as Members
  const paths = objectPaths(document)

  it('takes every plan', () => {
    for (const one of [document, JSON.parse(JSON.stringify(seal(madeUpPlan([]), { key: KEY })))]) {
      validate(one)
      assert.deepEqual(validate.errors, null)
    }
    assert.equal((schema as { $id: string }).$id, document['$schema'])
  })

  const assertRefused = (json: string, name: string): void => {
    const value: unknown = JSON.parse(json)
    assert.equal(validate(value), false, `the schema takes ${name}`)
    assert.equal(planDocument.safeParse(value).success, false, `the reader takes ${name}`)
  }

  it('and the reader take no object with a member more or less, or of another type', () => {
    assert.ok(paths.length > 40)
    const optional = new Set(['reference', 'own'])
    for (const path of paths) {
      const name = path.join('.')
      const extra = forged((one) => Object.assign(at(one, path), { unexpected: 1 }))
      assertRefused(extra, `${name}.unexpected`)
      for (const member of Object.keys(at(document, path))) {
        const place = `${name}.${member}`
        assertRefused(
          forged((one) => (at(one, path)[member] = { a: 1 })),
          place,
        )
        const isFree = optional.has(member) && path.includes('changes')
        if (!isFree)
          assertRefused(
            forged((one) => delete at(one, path)[member]),
            place,
          )
      }
    }
  })

  const item = (one: Members, index: number): Members => at(one, ['plan', 'items', String(index)])
  const cell = (one: Members, index: number): Members =>
    at(item(one, 0), ['changes', '0', 'cells', String(index)])

  const FORGERIES: readonly (readonly [string, (document: Members) => unknown])[] = [
    ['a secret in the cell of one', (one) => (cell(one, 1)['after'] = 'sk-test-0123456789')],
    [
      'the left side as a source',
      (one) => (item(one, 0)['secrets'] = [{ column: 'key', reference: { kind: 'source' } }]),
    ],
    ['no change', (one) => (item(one, 0)['changes'] = [])],
    ['no cell', (one) => (at(item(one, 0), ['changes', '0'])['cells'] = [])],
    ['an unknown reason', (one) => (item(one, 0)['reason'] = 'surprise')],
    ['a key that is no list', (one) => (at(item(one, 0), ['changes', '0'])['key'] = 'x')],
    ['a local time', (one) => (one['expiresAt'] = '2026-11-22T20:00:00+01:00')],
  ]
  for (const [name, change] of FORGERIES) {
    it(`and the reader take no plan with ${name}`, async () => {
      assertRefused(forged(change), name)
      assert.match((await refusal(readText(forged(change)))).message, /it is no plan at /)
    })
  }

  const MISLABELLED: readonly (readonly [string, (item: Members) => unknown])[] = [
    ['shows another table', (one) => (one['table'] = 'options')],
    ['shows another operation', (one) => (one['operation'] = 'update')],
  ]
  for (const [name, change] of MISLABELLED) {
    it(`no plan is taken that ${name} than it writes`, async () => {
      const { message } = await refusal(readText(forged((one) => change(item(one, 0)))))
      assert.match(message, /at plan\.items\.0: it writes another row than it shows$/)
    })
  }
})

describe('a plan that is there', () => {
  const OTHER = new Secret('sk-test-other-key-0123456789abcdef')
  const [sealed, unsealed] = [seal(madeUpPlan(), { key: KEY }), seal()]
  const last = new Date(EXPIRES.getTime() - 1)
  const forgedSeal: PlanDocument = { ...sealed, seal: sealed.seal!.replaceAll(/./g, '0') }
  const CASES: readonly (readonly [string, PlanDocument, Secret | null, Date, RegExp | null])[] = [
    ['is taken with its key until it expires', sealed, KEY, last, null],
    ['is taken without a seal where no key is set', unsealed, null, last, null],
    ['has expired', unsealed, null, EXPIRES, /expired at 2026-11-23T20:00:00\.000Z$/],
    ['was sealed with another key', sealed, OTHER, MADE, /seal was made with another key$/],
    ['has a seal of nobody', forgedSeal, KEY, MADE, /seal was made with another key$/],
    ['is sealed, and there is no key', sealed, null, MADE, /no key is set to check/],
    ['has no seal, and there is a key', unsealed, KEY, MADE, /it has no seal/],
  ]
  for (const [name, document, key, now, says] of CASES) {
    it(name, async () => {
      const check = async (): Promise<void> => assertUsable(document, { key, now, shown: 'x' })
      if (says === null) await check()
      else assert.match((await refusal(check())).message, says)
    })
  }

  it('has a seal of its own, which says nothing of the key', () => {
    const other = seal(madeUpPlan([]), { key: KEY })
    assert.notEqual(sealed.seal, other.seal)
    assert.ok(!JSON.stringify(sealed, entriesOfMaps).includes(KEY.reveal()))
  })
})
