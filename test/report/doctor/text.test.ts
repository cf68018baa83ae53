import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import stringWidth from 'string-width'
import type { Diagnosis, Finding } from '../../../src/doctor/diagnosis.ts'
import { CACHE_MODES } from '../../../src/gateway/routing.ts'
import { LANGUAGES } from '../../../src/language/language.ts'
import { renderDoctorText } from '../../../src/report/doctor/text.ts'
import {
  bigDiagnosis,
  check,
  diagnosis,
  evidence,
  finding,
  healthyDiagnosis,
  incidentDiagnosis,
  refusedDiagnosis,
  route,
  servedDiagnosis,
} from '../../support/diagnosis.ts'
import { blockOf, linesOf } from './text-lines.ts'

const WIDE = { width: Number.POSITIVE_INFINITY, colors: false }

describe('the first line', () => {
  const one = finding({ rule: 'A1' })
  const warning = finding({ rule: 'C9' })
  const info = finding({ rule: 'G1' })
  const refused = route({ outcome: 'refused', status: 503, rule: 'A1', stage: 'model' })
  const crash = route({ outcome: 'crash', rule: 'A6', stage: 'channel', model: 'pika' })
  const cases: readonly (readonly [Diagnosis, string, string])[] = [
    [
      healthyDiagnosis(),
      'Healthy: all 6 group × model pairs can be served',
      '健康：全部 6 个分组 × 模型组合都可以正常服务',
    ],
    [
      diagnosis({ findings: [warning, info] }),
      'Healthy, 1 warning, 1 info: all 6 group × model pairs can be served',
      '健康，1 个警告，1 条提示：全部 6 个分组 × 模型组合都可以正常服务',
    ],
    [
      diagnosis({ findings: [one, one, warning], routes: [refused, crash, route({ group: 'b' })] }),
      '2 errors, 1 warning: 2 of 3 group × model pairs cannot be served',
      '2 个错误，1 个警告：3 个分组 × 模型组合中有 2 个无法服务',
    ],
    [
      diagnosis({ findings: [one], routes: [refused] }),
      '1 error: the group × model pair that was asked for cannot be served',
      '1 个错误：所查询的分组 × 模型组合无法服务',
    ],
    [
      diagnosis({ routes: [route()] }),
      'Healthy: the group × model pair that was asked for can be served',
      '健康：所查询的分组 × 模型组合可以正常服务',
    ],
    [diagnosis({ routes: [] }), 'Healthy: no group asks for a model', '健康：没有任何分组请求模型'],
  ]
  for (const [one, english, chinese] of cases) {
    it(english, () => {
      assert.equal(linesOf(one)[0], english)
      assert.equal(linesOf(one, 'zh-CN')[0], chinese)
    })
  }
})

describe('where the text looked', () => {
  it('names database, gateway, its proof, and what type numbers mean', () => {
    const { gateway } = healthyDiagnosis()
    const unknown = { number: '37', meaning: null, channels: 2 }
    const types = [...gateway!.types, unknown]
    assert.deepEqual(linesOf(diagnosis({ gateway: { ...gateway!, types } })).slice(1, 5), [
      'production: postgres gateway@db.example:5432/gateway, read 2026-11-22 20:00:00 UTC',
      'gateway: the Bltcy fork of new-api, proved by the column abilities.workflow_price',
      '  type 55 is Bltcy in this gateway (1 channel)',
      '  type 37 is unknown to this gateway (2 channels)',
    ])
  })

  it('says what it was narrowed to, and when the gateway is not known', () => {
    const scope = {
      path: '/kling/x',
      models: ['kling', 'pika'],
      token: '12',
      user: 'alice',
      group: 'vip',
    }
    const lines = linesOf(diagnosis({ gateway: null, scope }))
    assert.equal(lines[2], 'gateway: not recognised by its columns; judged as the newest new-api')
    assert.equal(
      lines[3],
      'only: path /kling/x, models kling, pika, token 12, user alice, group vip',
    )
  })
})

describe('checks in text', () => {
  it('have a sign, their channel, their question, an answer, and rules that say more', () => {
    const checks = [
      check({ id: 'key', subject: 'Bltcy旧网关' }),
      check({ id: 'key', result: 'failed', subject: 'Bltcy旧网关', rules: ['C3', 'B2'] }),
      check({ id: 'reload', result: 'info' }),
    ]
    const lines = blockOf(linesOf(diagnosis({ checks })), 'Checks')
    assert.match(lines[0]!, /^ {2}✓ "Bltcy旧网关": Is key set\? \S/)
    assert.match(lines[1]!, /^ {2}✗ "Bltcy旧网关": Is key set\? \S.* \(C3, B2\)$/)
    assert.match(lines[2]!, /^ {2}· Does the gateway have to be reloaded .*[^)]$/)
  })
})

describe('a finding in text', () => {
  const block = (one: Finding) => {
    const lines = linesOf(diagnosis({ findings: [one] }))
    const start = lines.findIndex((line) => line.startsWith(`${one.rule} `))
    return lines.slice(start)
  }
  const command = 'tidegate doctor --fix A6 --env production'

  it('has title, explanation, where it matters, proof, what to run, and who decides', () => {
    const lines = block(
      finding({
        rule: 'A6',
        modes: ['cache-on'],
        evidence: [
          evidence(),
          evidence({ table: 'abilities', row: 'x/y/8', label: null, cells: [] }),
        ],
        rows: 31,
        pairs: Array.from({ length: 8 }, (_, index) => ({ group: '', model: `m${index}` })),
        repair: { kind: 'command', command },
        explains: ['A5', 'A1'],
      }),
    )
    assert.equal(
      lines[0],
      'A6 critical: The gateway will crash: a group of a channel is in no ability',
    )
    assert.match(lines[1]!, /^ {2}With the memory cache on .* none: 3\. /)
    assert.deepEqual(lines.slice(2, 7), [
      '  only with memory cache on',
      '  group × model: "" × m0, "" × m1, "" × m2, "" × m3, "" × m4, "" × m5, and 2 more',
      '  channels 8 "Bltcy旧网关": status "1", group ",default,"',
      '  abilities x/y/8',
      '  rows in all: 31, shown: 2',
    ])
    assert.match(lines[7]!, /^ {2}To repair it: The command /)
    assert.deepEqual(lines.slice(8), [
      `    $ ${command}`,
      '  explains A5, A1',
      '  decided in new-api model/channel_cache.go:45-52',
    ])
  })

  it('says nothing of cache modes when it matters in all that were evaluated', () => {
    const off = finding({ rule: 'A1', modes: ['cache-off'] })
    const says = (modes: Diagnosis['modes']) =>
      linesOf(diagnosis({ findings: [off], modes })).includes('  only with memory cache off')
    assert.deepEqual([says(CACHE_MODES), says(['cache-off'])], [true, false])
  })

  const RUNS: readonly (readonly [string, Finding['repair'], readonly string[]])[] = [
    ['a command', { kind: 'command', command }, [`    $ ${command}`]],
    [
      'statements',
      { kind: 'sql', statements: ['update a set b = 1', 'delete from c'] },
      ['    update a set b = 1;', '    delete from c;'],
    ],
    ['advice alone', { kind: 'advice' }, []],
    [
      'what cannot be shown as it is',
      { kind: 'sql', statements: ["update a set b = 'x\u202e'"] },
      ["    update a set b = 'x\\u{202e}';", '    It holds characters'],
    ],
    [
      'what is too long',
      { kind: 'sql', statements: [`delete from ${'a'.repeat(1_000)}`] },
      [`    delete from ${'a'.repeat(987)}…`, '    It holds characters'],
    ],
  ]
  for (const [name, repair, expected] of RUNS) {
    it(`${name}: ready to copy, or it says that it is not`, () => {
      const runs = block(finding({ rule: 'B1', repair })).filter((line) => line.startsWith('    '))
      assert.equal(runs.length, expected.length)
      runs.forEach((line, index) => assert.ok(line.startsWith(expected[index]!), line))
    })
  }
})

describe('the text in a terminal', () => {
  const ALL = [
    healthyDiagnosis(),
    incidentDiagnosis(),
    refusedDiagnosis(),
    servedDiagnosis(),
    bigDiagnosis(5, 20),
  ]
  for (const language of LANGUAGES) {
    it(`fits 40 columns in ${language}, except for what is to be copied`, () => {
      for (const line of ALL.flatMap((one) => linesOf(one, language, 40))) {
        const isCommand = /^ {4}(?:\$ tidegate|update) /.test(line)
        assert.ok(isCommand || stringWidth(line) <= 40, line)
        assert.ok(!/^ *[，。：；）、]/.test(line), `a line starts with a mark: ${line}`)
      }
    })
  }

  it('loses nothing when it is narrow', () => {
    const words = (lines: readonly string[]) => lines.join('').replaceAll(/\s+/g, '')
    for (const one of [healthyDiagnosis(), refusedDiagnosis(), servedDiagnosis()]) {
      for (const language of LANGUAGES) {
        assert.equal(words(linesOf(one, language, 40)), words(linesOf(one, language)))
      }
    }
  })

  const COLORS: readonly (readonly [string, RegExp, number])[] = [
    ['a critical finding', /A6 critical/, 31],
    ['a warning', /T2 warning/, 33],
    ['a command', /\$ tidegate/, 36],
    ['the verdict', /4 of 6/, 31],
    ['a broken stage', /✗ group/, 31],
    ['a passed stage', /✓ user/, 32],
    ['a stage that is not reached', /· channel/, 2],
  ]
  for (const [name, pattern, code] of COLORS) {
    it(`colours ${name}`, () => {
      const options = { ...WIDE, colors: true }
      const texts = [incidentDiagnosis(), refusedDiagnosis()]
      const lines = texts.flatMap((one) => renderDoctorText(one, 'en', options).split('\n'))
      assert.ok(lines.find((line) => pattern.test(line))!.includes(`\u001b[${code}m`))
    })
  }

  it('is coloured only when asked to', () => {
    for (const one of ALL) {
      const plain = renderDoctorText(one, 'en', WIDE)
      const colored = renderDoctorText(one, 'en', { ...WIDE, colors: true })
      assert.notEqual(colored, plain)
      assert.equal(stripVTControlCharacters(colored), plain)
    }
  })
})
