import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Diagnosis } from '../../../src/doctor/diagnosis.ts'
import { RULE_IDS } from '../../../src/doctor/rule-table.ts'
import { renderDoctorMarkdown } from '../../../src/report/doctor/markdown.ts'
import {
  bigDiagnosis,
  diagnosis,
  evidence,
  finding,
  healthyDiagnosis,
  incidentDiagnosis,
  servedDiagnosis,
} from '../../support/diagnosis.ts'

function linesOf(one: Diagnosis): string[] {
  return renderDoctorMarkdown(one, 'en').split('\n')
}

function assertHas(lines: readonly string[], expected: readonly string[]): void {
  const start = lines.indexOf(expected[0]!)
  assert.deepEqual(lines.slice(start, start + expected.length), expected, lines.join('\n'))
}

describe('the Markdown of a diagnosis', () => {
  it('begins with the verdict and says where it looked', () => {
    assertHas(linesOf(healthyDiagnosis()), [
      '**Healthy: all 6 group × model pairs can be served**',
      '',
      '- `production`: postgres `gateway@\u200bdb.example:\u200b5432/gateway`, read `2026-11-22 20:\u200b00:\u200b00 UTC`',
      '- gateway: `the Bltcy fork of new-api`, proved by the column `abilities.workflow_price`',
      '- type `55` is `Bltcy` in this gateway (1 channel)',
      '',
      '**Checks**',
    ])
  })

  it('has tables, and findings with their proof and commands', () => {
    const lines = linesOf(incidentDiagnosis())
    assertHas(lines, [
      '**Routes: memory cache off**',
      '',
      '| group | `runway` | `pika` | `kling` |',
      '| - | - | - | - |',
      '| `default` | ✗ 503 A1 | ✗ 503 A1 | ✗ 503 A1 |',
      '| `vip` | ✓ | ! A3 | ✗ 400 P1 |',
    ])
    assertHas(lines, ['  - `channels` `8` `"Bltcy旧网关"`: `models` `",runway,pika,kling,"`'])
    assertHas(lines, [
      '  - `tidegate doctor --fix A6 --env production`',
      '  - explains A5',
      '  - decided in new-api model/channel_cache.go:45-52',
    ])
  })

  it('draws the route of a narrowed run', () => {
    assertHas(linesOf(servedDiagnosis()), [
      '**`pika` · memory cache off and on**',
      '',
      '- ✓ token `12` `"team-a"`',
      '- ✓ user `alice`',
      '- ✓ group `default`',
      '- ✓ model `pika`',
      '- ! channel',
      '  - A3 An ability points to a channel that does not exist',
      '  - priority `5`',
      '    - ✓ `8` `"Bltcy旧网关"`, type `55` (`Bltcy`), 50%',
      '    - ✗ `99`, no such channel, 50%, A3',
      '  - retry, priority `0`',
      '    - ✓ `9` `"backup"`, type `55` (`Bltcy`), 100%',
      '- ✓ price',
    ])
  })

  it('lists by group what is too large for a table', () => {
    assertHas(linesOf(bigDiagnosis()), [
      '- `group-0`: ✗ 503 A1 `model-0`, `model-7`, `model-14`, `model-21`, `model-28`, `model-35`',
    ])
  })

  it('says of a command with invisible breaks that it cannot be copied', () => {
    const statements = ['delete from a where id = 1', 'delete from a where id = 12345678']
    const lines = linesOf(
      diagnosis({ findings: [finding({ rule: 'S1', repair: { kind: 'sql', statements } })] }),
    ).filter((line) => line.includes('delete'))
    assert.match(lines[0]!, /;`$/)
    assert.match(lines[1]!, /;` It holds characters/)
  })
})

describe('the size of a Markdown diagnosis', () => {
  const pairs = Array.from({ length: 60 }, (_, index) => ({ group: 'g', model: `m${index}` }))
  const cells = Array.from({ length: 8 }, () => ({ column: 'models', value: '旧'.repeat(150) }))
  const rows = Array.from({ length: 20 }, () => evidence({ cells }))
  const of = (count: number): Diagnosis =>
    diagnosis({
      findings: RULE_IDS.slice(0, count).map((rule) => finding({ rule, pairs, evidence: rows })),
    })
  const cases: readonly (readonly [number, string, { evidence: number; titles: number }])[] = [
    [0, 'whole', { evidence: 0, titles: 0 }],
    [1, 'fewer rows', { evidence: 3, titles: 1 }],
    [40, 'no rows', { evidence: 0, titles: 40 }],
  ]
  for (const [count, name, expected] of cases) {
    it(`${count} findings fit: ${name}`, () => {
      const markdown = renderDoctorMarkdown(of(count), 'en')
      assert.ok(Buffer.byteLength(markdown) <= 60_000)
      assert.equal(markdown.includes('Shortened to fit.'), count > 0)
      assert.equal(markdown.match(/^ {2}- `channels` `8`/gm)?.length ?? 0, expected.evidence)
      assert.equal(markdown.match(/^- \*\*[A-Z]\d+ /gm)?.length ?? 0, expected.titles)
    })
  }

  it('is used to the last byte, and one byte less is the next level', () => {
    const one = of(5)
    const seen: (readonly [number, number])[] = []
    let text = renderDoctorMarkdown(one, 'en', Number.MAX_SAFE_INTEGER)
    for (;;) {
      const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0
      seen.push([count(/`channels` `8`/g), count(/^- \*\*[A-Z]\d+ /gm)])
      const size = Buffer.byteLength(text)
      assert.equal(renderDoctorMarkdown(one, 'en', size), text)
      const less = renderDoctorMarkdown(one, 'en', size - 1)
      if (less === text) break
      text = less
    }
    assert.deepEqual(seen, [
      [100, 5],
      [15, 5],
      [0, 5],
      [0, 5],
      [0, 0],
    ])
    assert.ok(Buffer.byteLength(text) < 2_000)
  })
})
