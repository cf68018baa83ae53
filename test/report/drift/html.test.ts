import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { renderDriftHtml } from '../../../src/report/drift/html.ts'
import { differingSpans } from '../../../src/report/drift/html-marks.ts'
import { SCRIPT, SCRIPT_HASH } from '../../../src/report/drift/html-script.ts'
import { STYLE, STYLE_HASH } from '../../../src/report/drift/html-style.ts'
import { variedReport } from './html-reports.ts'

describe('the HTML report', () => {
  it('its policy names the style and the script that it has', () => {
    for (const [name, text, hash] of [
      ['STYLE_HASH', STYLE, STYLE_HASH],
      ['SCRIPT_HASH', SCRIPT, SCRIPT_HASH],
    ] as const) {
      const actual = `sha256-${createHash('sha256').update(text).digest('base64')}`
      assert.equal(hash, actual, `${name} has to be ${actual}`)
    }
  })

  it('the policy comes before everything that it is about', () => {
    const html = renderDriftHtml(variedReport(1)).replaceAll('&#x27;', "'")
    const start = '<!doctype html><html lang="en"><head><meta http-equiv="Content-Security-Policy"'
    assert.equal(html.slice(0, start.length), start)
    assert.match(
      html,
      /content="default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'"/,
    )
    assert.match(html, /<meta name="referrer" content="no-referrer">/)
    assert.match(
      html,
      /<title>Drift: 1 row in 1 table \(1 conflict\) \(local → production\)<\/title>/,
    )
  })
})

describe('marks of what differs', () => {
  const shown = (from: string, to: string): string[] => {
    const spans = differingSpans(from, to)
    const mark = (text: string, side: 'from' | 'to'): string =>
      spans[side].reduceRight(
        (rest, { start, end }) =>
          `${rest.slice(0, start)}[${rest.slice(start, end)}]${rest.slice(end)}`,
        text,
      )
    return [mark(from, 'from'), mark(to, 'to')]
  }

  for (const [from, to, left, right] of [
    [
      'https://a.example/v1',
      'https://b.example/v1',
      'https://[a].example/v1',
      'https://[b].example/v1',
    ],
    [
      '今晚 22:00 维护 30 分钟',
      '今晚 21:00 维护 45 分钟',
      '今晚 [22]:00 维护 [30] 分钟',
      '今晚 [21]:00 维护 [45] 分钟',
    ],
    ['潮门 Gateway', '潮门 Gateway (beta)', '潮门 Gateway', '潮门 Gateway[ (beta)]'],
    ['5', '0', '5', '0'],
    ['same text', 'same text', 'same text', 'same text'],
    ['x👍 y z', 'x👎 y z', 'x[👍] y z', 'x[👎] y z'],
  ] as const) {
    it(`${from} → ${to}`, () => assert.deepEqual(shown(from, to), [left, right]))
  }

  it('what is left unmarked is the same on both sides', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', ',', '旧', '👍'), maxLength: 40 })
    const unmarked = (from: string, to: string): string[] =>
      shown(from, to).map((marked) => marked.replaceAll(/\[[^\]]*\]/g, ''))
    fc.assert(
      fc.property(text, text, (from, to) => {
        const [left, right] = unmarked(from, to)
        assert.ok(left === right || (left === from && right === to))
      }),
      { numRuns: 1_000 },
    )
  })

  it('texts too long to be compared word by word are marked from first to last difference', () => {
    const long = 'x '.repeat(5_000)
    const [left] = shown(`${long}a ${long}b ${long}`, `${long}c ${long}d ${long}`)
    assert.equal(left, `${long}[a ${long}b] ${long}`)
  })
})
