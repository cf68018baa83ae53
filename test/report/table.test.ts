import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { renderTable } from '../../src/report/table.ts'

const HEAD = ['step', 'result', 'detail']

const ROWS = [
  ['connect', '12 ms', 'postgres user@host:5432/one-api'],
  [
    'seed',
    '1 created',
    'channels 8 "Bltcy旧网关" created: abilities +3\nchannels 9 "另一个网关" unchanged',
  ],
]

/** Columns that a text takes: two for a Chinese character. */
const columnsOf = (text: string): number =>
  [...text].reduce((sum, one) => sum + (/[\u3000-\u9fff\uff00-\uffef]/.test(one) ? 2 : 1), 0)

const words = (text: string): string => text.replaceAll(/\s+/g, '')

describe('a table', () => {
  for (const width of [40, 60, 80, Number.POSITIVE_INFINITY]) {
    it(`at ${width} columns loses nothing, and no line ends in blanks`, () => {
      const text = renderTable(HEAD, ROWS, { width })
      for (const cell of [...HEAD, ...ROWS.flat()]) {
        for (const word of cell.split(/\s+/))
          assert.ok(words(text).includes(word), `${word} of ${text}`)
      }
      assert.ok(!/[ \t]$/m.test(text))
      assert.ok(!/\n\n/.test(text))
      if (width === 60 || width === 80) {
        for (const line of text.split('\n')) assert.ok(columnsOf(line) <= width, line)
      }
    })
  }

  it('is aligned by what a terminal shows, not by characters', () => {
    const text = renderTable(
      ['name', 'note'],
      [
        ['旧网关', 'x'],
        ['abc', 'y'],
      ],
      { width: Number.POSITIVE_INFINITY },
    )
    const starts = text
      .split('\n')
      .map((line) => columnsOf(line.slice(0, line.search(/note|[xy]$/))))
    assert.deepEqual(starts, [8, 8, 8])
  })

  it('a word longer than its column is not cut', () => {
    const path = `sqlite /srv/${'very-long-folder/'.repeat(6)}one-api.db`
    const chinese = `channels 8 "${'旧网关'.repeat(20)}" created`
    for (const cell of [path, chinese]) {
      const text = renderTable(HEAD, [['connect', '1 ms', cell]], { width: 60 })
      assert.ok(words(text).includes(words(cell)), text)
      assert.ok(!text.includes('…'), text)
    }
  })

  it('without rows is its head', () => {
    assert.equal(renderTable(HEAD, [], { width: 80 }), 'step  result  detail')
  })
})
