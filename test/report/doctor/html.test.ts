import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { doctorTexts } from '../../../src/language/catalogue.ts'
import { DOCTOR_PAGE as ENGLISH } from '../../../src/language/en/doctor-page.ts'
import { LANGUAGES } from '../../../src/language/language.ts'
import { placeholders } from '../../../src/language/template.ts'
import { DOCTOR_PAGE as CHINESE } from '../../../src/language/zh-CN/doctor-page.ts'
import { routeMap } from '../../../src/report/doctor/html-matrix-model.ts'
import { SCRIPT, SCRIPT_HASH } from '../../../src/report/doctor/html-script.ts'
import { STYLE, STYLE_HASH } from '../../../src/report/doctor/html-style.ts'
import { renderDoctorHtml } from '../../../src/report/doctor/html.ts'
import { verdictLine } from '../../../src/report/doctor/phrases.ts'
import { incidentDiagnosis, route } from '../../support/diagnosis.ts'

describe('the doctor’s HTML page', () => {
  it('its policy names the style and the script that it has', () => {
    for (const [name, text, hash] of [
      ['STYLE_HASH', STYLE, STYLE_HASH],
      ['SCRIPT_HASH', SCRIPT, SCRIPT_HASH],
    ] as const) {
      const actual = `sha256-${createHash('sha256').update(text).digest('base64')}`
      assert.equal(hash, actual, `${name} has to be ${actual}`)
    }
  })

  for (const language of LANGUAGES) {
    it(`says its language and starts with the policy, ${language}`, () => {
      const texts = doctorTexts(language)
      const html = renderDoctorHtml(incidentDiagnosis(), texts, language).replaceAll('&#x27;', "'")
      const start = `<!doctype html><html lang="${language}"><head><meta http-equiv="Content-Security-Policy"`
      assert.equal(html.slice(0, start.length), start)
      assert.match(
        html,
        /content="default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'"/,
      )
      const line = verdictLine(incidentDiagnosis(), texts)
      assert.ok(html.includes(`<title>production: ${line}</title>`), line)
      assert.ok(html.includes(`<h1>${line}</h1>`))
    })
  }

  it('its words are there in both languages, with the same placeholders', () => {
    const [english, chinese] = [leaves(ENGLISH), leaves(CHINESE)]
    assert.deepEqual([...chinese.keys()], [...english.keys()])
    for (const [name, text] of chinese) {
      const own = text.replaceAll(/\{\w+\}/g, '')
      assert.ok(/\p{Script=Han}/u.test(own) || !/\p{L}/u.test(own), `${name}: ${text}`)
      assert.deepEqual(placeholders(text), placeholders(english.get(name)!), name)
    }
  })
})

function leaves(words: object, prefix = ''): Map<string, string> {
  const entries = Object.entries(words).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'string'
      ? [[prefix + name, value] as const]
      : [...leaves(value as object, `${prefix}${name}.`)],
  )
  return new Map(entries)
}

describe('the map of routes', () => {
  const refused = {
    outcome: 'refused',
    status: 503,
    rule: 'A1',
    stage: 'model',
    tiers: [],
  } as const
  const weakened = { outcome: 'weakened', rule: 'A3', stage: 'channel' } as const

  it('has a row for each group and a column for each model, in their order', () => {
    const { matrices } = routeMap([
      route({ group: 'vip', model: 'pika' }),
      route({ group: 'default', model: 'runway', ...refused }),
      route({ group: null, model: 'pika', mode: 'cache-on', ...weakened }),
    ])
    const shown = matrices.map(({ mode, models, rows, cells, unserved, calmModels }) => ({
      mode,
      models,
      cells,
      unserved,
      calm: [...calmModels],
      rows: rows.map(({ group, cells }) => [group, ...cells.map((one) => one?.worst.outcome)]),
    }))
    const models = ['pika', 'runway']
    assert.deepEqual(shown, [
      {
        mode: 'cache-off',
        models,
        cells: 2,
        unserved: 1,
        calm: ['pika'],
        rows: [
          ['vip', 'served', undefined],
          ['default', undefined, 'refused'],
        ],
      },
      {
        mode: 'cache-on',
        models,
        cells: 1,
        unserved: 0,
        calm: ['runway'],
        rows: [[null, 'weakened', undefined]],
      },
    ])
  })

  it('a cell of several routes shows the worst first', () => {
    const outcomes = ['served', 'crash', 'weakened', 'refused'] as const
    const { panels } = routeMap(outcomes.map((outcome) => route({ outcome })))
    const found = panels.map(({ routes }) => routes.map(({ outcome }) => outcome))
    assert.deepEqual(found, [['crash', 'refused', 'weakened', 'served']])
  })

  const token = { id: '12', name: 'team-a' }
  for (const [name, values, count] of [
    ['another group', { group: 'vip' }, 1],
    ['another model', { model: 'pika' }, 1],
    ['another number of tokens', { model: 'pika', tokens: 9 }, 1],
    ['no token', { model: 'pika', tokens: 0 }, 2],
    ['a token of its own', { model: 'pika', token }, 2],
    ['no known group', { group: null }, 2],
    ['another mode', { mode: 'cache-on' }, 2],
    ['other channels', { model: 'pika', tiers: [] }, 2],
    ['another outcome', { model: 'pika', ...refused }, 2],
  ] as const) {
    it(`${name}: ${count === 1 ? 'the same panel' : 'a panel of its own'}`, () => {
      const { panels } = routeMap([route(), route(values)])
      assert.equal(panels.length, count)
      assert.equal(panels.flatMap(({ pairs }) => pairs).length, 2)
    })
  }
})
