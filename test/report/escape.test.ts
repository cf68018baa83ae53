import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { escapeJson, escapeLineStart, escapeText, quote } from '../../src/report/escape.ts'
import { activeIn } from '../cli/runs.ts'

const hostile = fc.string({ unit: 'binary', maxLength: 60 })

describe('escaping', () => {
  it('shows what a terminal would act on, and leaves what people write alone', () => {
    const cases = [
      ['Bltcy旧网关', 'Bltcy旧网关'],
      ['é 👍 ñ', 'é 👍 ñ'],
      ['a\u001b[31m', 'a\\u{1b}[31m'],
      ['a\nb\tc', 'a\\u{a}b\\u{9}c'],
      ['\u202e\u200b\ufeff', '\\u{202e}\\u{200b}\\u{feff}'],
      ['\ud800', '\\u{d800}'],
      ['\u{e0041}', '\\u{e0041}'],
    ] as const
    for (const [data, shown] of cases) assert.equal(escapeText(data), shown)
  })

  it('leaves nothing active, whatever the text', () => {
    const check = (text: string) => {
      assert.deepEqual(activeIn(escapeLineStart(escapeText(text))), [])
      assert.ok(!escapeText(text).includes('\n'))
    }
    fc.assert(fc.property(hostile, check), { numRuns: 2_000 })
    const workflow = fc.tuple(fc.constantFrom('::', '##[', ' ::', '\t##['), hostile)
    fc.assert(
      fc.property(workflow, ([start, rest]) => check(start + rest)),
      { numRuns: 500 },
    )
  })

  it('a JSON document stays the same document', () => {
    const check = (value: string) => {
      const json = escapeJson(JSON.stringify({ value, [value]: [value] }, null, 2))
      assert.deepEqual(JSON.parse(json), { value, [value]: [value] })
      assert.deepEqual(activeIn(json), [])
    }
    fc.assert(fc.property(hostile, check), { numRuns: 2_000 })
  })

  it('quote cuts after its limit, between characters', () => {
    assert.equal(quote('abc'), '"abc"')
    assert.equal(quote('abcdef', 4), '"abc…"')
    assert.equal(quote('👍👍👍', 2), '"👍…"')
    assert.equal(quote('旧'.repeat(81)), `"${'旧'.repeat(79)}…"`)
  })
})
