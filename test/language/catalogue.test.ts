import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CHECK_IDS } from '../../src/doctor/diagnosis.ts'
import { RULE_IDS } from '../../src/doctor/rule-table.ts'
import { doctorTexts } from '../../src/language/catalogue.ts'
import { fill, placeholders } from '../../src/language/template.ts'
import { check, finding } from '../support/diagnosis.ts'
import { assertCheckFits, assertTextsFit } from '../support/texts.ts'

/** Every text by its path: `rules.A1.title`. */
function textsIn(value: object, path = ''): [string, string][] {
  return Object.entries(value).flatMap(([key, one]) =>
    typeof one === 'string' ? [[`${path}${key}`, one]] : textsIn(one as object, `${path}${key}.`),
  )
}

const ENGLISH = new Map(textsIn(doctorTexts('en')))
const CHINESE = new Map(textsIn(doctorTexts('zh-CN')))

describe('the texts of the doctor', () => {
  it('are the same in both languages, and are there for every rule and check', () => {
    assert.deepEqual([...CHINESE.keys()].toSorted(), [...ENGLISH.keys()].toSorted())
    const { rules, checks } = doctorTexts('en')
    assert.deepEqual(Object.keys(rules).toSorted(), [...RULE_IDS].toSorted())
    assert.deepEqual(Object.keys(checks).toSorted(), [...CHECK_IDS].toSorted())
  })

  it('ask for the same facts in both languages', () => {
    const asked = (texts: ReadonlyMap<string, string>) =>
      Object.fromEntries([...texts].map(([path, text]) => [path, placeholders(text)]))
    assert.deepEqual(asked(CHINESE), asked(ENGLISH))
  })

  it('are never empty, and no title of a rule has a placeholder', () => {
    for (const [path, text] of [...ENGLISH, ...CHINESE]) {
      assert.notEqual(text.trim(), '', path)
      if (/^rules\..*\.title$/.test(path)) assert.deepEqual(placeholders(text), [], path)
    }
  })

  it('are Chinese in Chinese, and English in English', () => {
    for (const [path, text] of CHINESE) {
      const words = text.replaceAll(/\{\w+\}|\P{L}/gu, '')
      if (words !== '') assert.match(text, /\p{Script=Han}/u, path)
    }
    for (const [path, text] of ENGLISH) assert.doesNotMatch(text, /\p{Script=Han}/u, path)
  })
})

describe('a template', () => {
  const FACTS = { a: '{b}', b: '2', __proto__: 'x' }
  const cases: readonly (readonly [string, readonly unknown[]])[] = [
    ['', []],
    ['no placeholder', ['no placeholder']],
    ['{a}{b}', [{ data: '{b}' }, { data: '2' }]],
    ['x {a} y', ['x ', { data: '{b}' }, ' y']],
    ['{"json": {}} {b}', ['{"json": {}} ', { data: '2' }]],
  ]
  for (const [template, parts] of cases) {
    it(`"${template}" becomes text and data, once`, () => {
      assert.deepEqual(fill(template, FACTS), parts)
    })
  }

  it('with a placeholder that nothing fills is an error', () => {
    for (const name of ['c', 'toString', 'constructor']) {
      assert.throws(() => fill(`x {${name}}`, FACTS), new RegExp(`no value for \\{${name}\\}`))
    }
  })

  it('names its placeholders, each once', () => {
    assert.deepEqual(placeholders('{b} {a} {b} {} {1}'), ['a', 'b'])
  })
})

describe('whether texts fit what is found', () => {
  it('fits when each fact is given', () => {
    for (const rule of RULE_IDS) assertTextsFit(finding({ rule }))
    for (const id of CHECK_IDS) assertCheckFits(check({ id }))
  })

  it('does not when one lacks', () => {
    assert.throws(() => assertTextsFit({ rule: 'A6', facts: {} }), /A6 in en asks for facts/)
    assert.throws(() => assertCheckFits(check({ id: 'models', result: 'failed', facts: {} })))
  })
})
