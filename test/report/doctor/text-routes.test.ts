import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Route } from '../../../src/doctor/diagnosis.ts'
import { CACHE_MODES } from '../../../src/gateway/routing.ts'
import {
  bigDiagnosis,
  diagnosis,
  healthyDiagnosis,
  incidentDiagnosis,
  refusedDiagnosis,
  route,
  servedDiagnosis,
  tier,
} from '../../support/diagnosis.ts'
import { blockOf, linesOf } from './text-lines.ts'

describe('routes in text', () => {
  it('are not there when all are served and nothing narrows the run', () => {
    assert.ok(!linesOf(healthyDiagnosis()).some((line) => line.startsWith('Routes')))
  })

  it('are a table of what is not served, for each cache mode', () => {
    const lines = linesOf(incidentDiagnosis())
    assert.deepEqual(blockOf(lines, 'Routes: memory cache off'), [
      '  group    runway    pika      kling',
      '  default  ✗ 503 A1  ✗ 503 A1  ✗ 503 A1',
      '  vip      ✓         ! A3      ✗ 400 P1',
    ])
    assert.deepEqual(blockOf(lines, 'Routes: memory cache on'), [
      '  group    runway      pika        kling',
      '  default  ✗ crash A6  ✗ crash A6  ✗ crash A6',
      '  vip      ✓           ! A3        ✗ 400 P1',
    ])
  })

  const refused = { outcome: 'refused', status: 503, rule: 'C1', stage: 'model' } as const

  it('leave out groups and models that are served, and are one table where modes agree', () => {
    const routes = CACHE_MODES.flatMap((mode) => [
      route({ mode }),
      route({ mode, model: 'pika', ...refused }),
      route({ mode, group: 'vip' }),
      route({ mode, group: null, model: 'pika', ...refused }),
    ])
    assert.deepEqual(blockOf(linesOf(diagnosis({ routes })), 'Routes: memory cache off and on'), [
      '  group           pika',
      '  default         ✗ 503 C1',
      '  not determined  ✗ 503 C1',
    ])
  })

  it('name the worst of several in one cell, and mark pairs that nobody asks for', () => {
    const routes = [
      route({ token: { id: '1', name: null } }),
      route({ token: { id: '2', name: null }, ...refused }),
      route({ group: 'vip', model: 'pika', ...refused }),
    ]
    assert.deepEqual(blockOf(linesOf(diagnosis({ routes })), 'Routes: memory cache off'), [
      '  group    runway    pika',
      '  default  ✗ 503 C1  ·',
      '  vip      ·         ✗ 503 C1',
    ])
  })

  it('that are too many for a table are listed by group, and a mode without any is one line', () => {
    const lines = linesOf(bigDiagnosis(), 'en', 80)
    const off = blockOf(lines, 'Routes: memory cache off')
    assert.equal(off.length, 30)
    assert.equal(
      off[0],
      '  group-0: ✗ 503 A1 model-0, model-7, model-14, model-21, model-28, model-35',
    )
    assert.deepEqual(blockOf(lines, 'Routes: memory cache on'), [
      '  all 1200 group × model pairs can be served',
    ])
    const more = linesOf(bigDiagnosis(50, 60), 'en', 80)
    const listed = blockOf(more, 'Routes: memory cache off')
    assert.equal(listed.at(-1), '  and 10 more')
    assert.match(listed.slice(0, 2).join(' '), /model-35,\s+and 3 more/)
  })
})

describe('a route that is drawn', () => {
  it('shows each stage, where it breaks, why, and what the caller sees', () => {
    const lines = linesOf(refusedDiagnosis())
    assert.deepEqual(blockOf(lines, 'runway · memory cache off and on'), [
      '  ✓ token    12 "team-a"',
      '  ✓ user     alice',
      '  ✗ group    not determined',
      '      G3 The user may not use the group of the token',
      '      HTTP 403: the token, its user or its group may not do this',
      '  · model    runway',
      '  · channel',
      '  · price',
    ])
  })

  it('shows channels with their chances, faults and types', () => {
    const lines = linesOf(servedDiagnosis())
    assert.deepEqual(blockOf(lines, 'pika · memory cache off and on').slice(4), [
      '  ! channel',
      '      A3 An ability points to a channel that does not exist',
      '    priority 5',
      '      ✓ 8 "Bltcy旧网关", type 55 (Bltcy), 50%',
      '      ✗ 99, no such channel, 50%, A3',
      '    retry, priority 0',
      '      ✓ 9 "backup", type 55 (Bltcy), 100%',
      '  ✓ price',
    ])
  })

  const narrowed = { path: null, models: ['runway'], token: null, user: null, group: 'default' }
  const drawn = (routes: readonly Route[]) => linesOf(diagnosis({ scope: narrowed, routes }))

  it('aligns stages in Chinese', () => {
    const lines = linesOf(refusedDiagnosis(), 'zh-CN')
    const block = blockOf(lines, 'runway · 内存缓存关闭与开启')
    assert.deepEqual(block.slice(0, 2), ['  ✓ 令牌  12 "team-a"', '  ✓ 用户  alice'])
  })

  it('is drawn once for modes, and then for models, that fare alike', () => {
    const off = ['runway', 'pika'].map((model) => route({ model }))
    const on = ['runway', 'pika'].map((model) => route({ model, mode: 'cache-on' }))
    const kling = { model: 'kling', outcome: 'crash', rule: 'A6', stage: 'channel' } as const
    const crash = route({ mode: 'cache-on', ...kling, tiers: [], tokens: 0 })
    const lines = drawn([...off, ...on, route({ model: 'kling' }), crash])
    assert.equal(
      blockOf(lines, 'runway, pika · memory cache off and on')[0],
      '  ✓ token    2 enabled tokens',
    )
    assert.equal(blockOf(lines, 'kling · memory cache off')[1], '  ✓ user     any')
    assert.deepEqual(blockOf(lines, 'kling · memory cache on').slice(0, 1), [
      '  ✓ token    no token asks for it yet',
    ])
    assert.deepEqual(blockOf(lines, 'kling · memory cache on').slice(4), [
      '  ✗ channel  none',
      '      A6 The gateway will crash: a group of a channel is in no ability',
      '      the process of the gateway ends',
      '  · price',
    ])
  })

  it('rounds no chance to never or always', () => {
    const chances = [0, 0.001, 0.25, 0.996, 1]
    const channels = chances.map((chance) => tier({}, { chance }).channels[0]!)
    const lines = drawn([route({ tiers: [{ priority: '5', channels }] })])
    const shown = lines
      .filter((line) => line.includes('type 55 ('))
      .map((line) => line.split(', ').at(-1))
    assert.deepEqual(shown, ['0%', '<1%', '25%', '>99%', '100%'])
  })

  it('counts channels and priorities beyond the first ones, and many routes are a table', () => {
    const channels = Array.from({ length: 12 }, () => tier().channels[0]!)
    const tiers = Array.from({ length: 7 }, () => ({ priority: '1', channels }))
    const lines = drawn([route({ tiers })])
    assert.equal(lines.filter((line) => line === '      and 2 more').length, 5)
    assert.equal(lines.filter((line) => line === '    and 2 more').length, 1)
    const refused = { outcome: 'refused', status: 503, rule: 'C1', stage: 'model' } as const
    const many = Array.from({ length: 9 }, (_, index) => route({ user: `u${index}`, ...refused }))
    assert.ok(drawn(many).includes('Routes: memory cache off'))
    assert.ok(drawn(many.slice(1)).includes('runway · memory cache off'))
  })
})
