import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { DriftReport } from '../../../src/diff/drift-report.ts'
import {
  COMMENT_BUDGET,
  driftMarker,
  renderDriftMarkdown,
  SUMMARY_BUDGET,
} from '../../../src/report/drift/markdown.ts'
import { driftReport, finding, table } from '../../support/drift-report.ts'

function reportOf(count: number, values: Partial<DriftReport> = {}): DriftReport {
  const findings = Array.from({ length: count }, (_, index) =>
    finding({ id: index.toString(16).padStart(12, '0') }),
  )
  return driftReport(findings, values)
}

/** What a text says that it leaves out. */
function lacks(markdown: string): string {
  return (
    /^Shortened to fit: (.*) are left out\. The whole report is in the artifact/m.exec(
      markdown,
    )?.[1] ?? ''
  )
}

const bytes = (text: string): number => Buffer.byteLength(text)

describe('the Markdown report', () => {
  const markdown = renderDriftMarkdown(
    driftReport([
      finding(),
      finding({
        class: 'accepted',
        table: 'options',
        acceptance: { reason: 'why', owner: 'ops', expires: '2027-01-31' },
      }),
    ]),
  )
  const lines = markdown.split('\n')

  it('begins with the marker and the verdict', () => {
    assert.equal(lines[0], '<!-- tidegate:drift:from=local:to=production -->')
    assert.equal(lines[2], '**Drift: 1 row in 1 table (1 drift) · 1 accepted**')
  })

  it('counts classes per table', () => {
    for (const line of [
      '| table | rows of `local` | rows of `production` | drift | accepted | compared |',
      '| `channels` | 3 | 3 | 1 | – | complete |',
      '| `options` | 3 | 3 | – | 1 | complete |',
    ]) {
      assert.ok(lines.includes(line), `${line}\n\n${markdown}`)
    }
  })

  it('shows a finding with its cells, its place and its commands', () => {
    const start = lines.indexOf(
      '- drift, error: `channels` `"Bltcy旧网关"` `"55"` · `0123456789ab`',
    )
    assert.deepEqual(lines.slice(start + 2, start + 6), [
      '  - `priority`: `"5"` → `"0"` (base `"5"`)',
      '  - declared in `seeds/bltcy-channel.ts:\u200b27`',
      '  - `tidegate push --from local --to production --select 0123456789ab`: `writes the value of local to production`',
      '  - `tidegate accept 0123456789ab --reason "…"`: `accepts the value of production until a date`',
    ])
    assert.ok(markdown.includes('accepted until `2027-01-31` by `"ops"`: `"why"`'))
  })

  it('cuts long values at 200 characters, between characters', () => {
    const long = renderDriftMarkdown(driftReport([finding({ key: ['👍'.repeat(5_000)] })]))
    assert.ok(long.includes(`\`"${'👍'.repeat(199)}…"\``))
  })

  it('says below the verdict when it is weaker than it looks', () => {
    const twoWay = renderDriftMarkdown(driftReport([], { base: { kind: 'none', label: null } }))
    assert.equal(twoWay.split('\n')[4], 'two-way: no base says which side changed')
  })
})

describe('where a Markdown report comes from', () => {
  const RUN = 'https://github.com/owner/repo/actions/runs/1/attempts/2'
  const COMMIT = 'da39a3ee5e6b4b0d3255bfef95601890afd80709'
  const cases: readonly (readonly [string, { runUrl?: string; commit?: string }, string])[] = [
    ['both', { runUrl: RUN, commit: COMMIT }, `- [this run](${RUN}) · commit \`da39a3ee5e6b\``],
    ['a commit', { commit: COMMIT }, '- commit `da39a3ee5e6b`'],
    ['a page', { runUrl: RUN }, `- [this run](${RUN})`],
    ['nothing', {}, ''],
    ['another scheme', { runUrl: 'javascript:alert(1)' }, ''],
    ['no encryption', { runUrl: 'http://github.com/a' }, ''],
    ['a page that ends the link', { runUrl: 'https://a.example/x)[y](https://b.example' }, ''],
    ['a user', { runUrl: 'https://a.example@b.example/' }, ''],
    ['a second line', { runUrl: 'https://a.example/\n# x', commit: 'da39a3ee\n# x' }, ''],
    ['a name for a commit', { commit: 'main' }, ''],
  ]
  for (const [name, options, line] of cases) {
    it(name, () => {
      const last = renderDriftMarkdown(driftReport(), options).split('\n').at(-1)!
      assert.equal(line === '' ? last.startsWith('- made ') : last === line, true, last)
    })
  }
})

describe('the marker of a comment', () => {
  it('is not ended by the names, and differs when they do', () => {
    const names = [
      'a',
      'A',
      'a:b',
      'a%3a.b',
      '-->',
      '--',
      'a b',
      '旧',
      '\ud800',
      '',
      '<!--',
      'a\nb',
    ]
    const markers = names.flatMap((from) => names.map((to) => driftMarker(from, to)))
    assert.equal(new Set(markers).size, names.length ** 2)
    for (const marker of markers) {
      assert.match(marker, /^<!-- tidegate:drift:from=[\w.%-]*:to=[\w.%-]* -->$/)
      assert.equal(marker.indexOf('-->'), marker.length - 3)
    }
  })
})

describe('the budget of a Markdown report', () => {
  const cases: readonly (readonly [number, string, string])[] = [
    [0, '', ''],
    [1, '', ''],
    [300, 'values and commands', ''],
    [900, 'the findings themselves', ''],
    [20_000, 'the findings themselves', 'the findings themselves'],
  ]
  for (const [count, comment, summary] of cases) {
    it(`${count} findings fit a comment and a summary`, () => {
      const report = reportOf(count)
      const inComment = renderDriftMarkdown(report)
      assert.ok(bytes(inComment) <= COMMENT_BUDGET.maxCharacters)
      assert.equal(lacks(inComment), comment)
      const inSummary = renderDriftMarkdown(report, { budget: SUMMARY_BUDGET })
      assert.ok(bytes(inSummary) <= SUMMARY_BUDGET.maxBytes)
      assert.equal(lacks(inSummary), summary)
    })
  }

  it('is used to the last byte, and one byte less is the next level', () => {
    const report = reportOf(40)
    const seen: string[] = []
    let text = renderDriftMarkdown(report, { budget: { maxBytes: Number.MAX_SAFE_INTEGER } })
    for (;;) {
      seen.push(lacks(text))
      const size = bytes(text)
      assert.equal(renderDriftMarkdown(report, { budget: { maxBytes: size } }), text)
      assert.equal(renderDriftMarkdown(report, { budget: { maxCharacters: size } }), text)
      const less = renderDriftMarkdown(report, { budget: { maxBytes: size - 1 } })
      if (less === text) break
      text = less
    }
    assert.deepEqual(seen, [
      '',
      'values and commands',
      'values, commands and columns',
      'the findings themselves',
      'the findings and the tables themselves',
    ])
  })

  it('characters are counted as bytes too', () => {
    const report = driftReport([finding({ message: '旧'.repeat(900) })])
    const whole = renderDriftMarkdown(report)
    assert.ok(whole.length + 900 < bytes(whole))
    const maxCharacters = whole.length
    assert.notEqual(renderDriftMarkdown(report, { budget: { maxCharacters } }), whole)
  })

  it('thousands of tables are counted only', () => {
    const tables = Array.from({ length: 3_000 }, (_, index) => table(`table_${index}`))
    const markdown = renderDriftMarkdown(reportOf(3, { tables }))
    assert.equal(lacks(markdown), 'the findings and the tables themselves')
    assert.ok(bytes(markdown) < 3_000)
  })

  it('names of any length leave the least detailed one small', () => {
    const report = reportOf(3)
    const name = '旧\u202e'.repeat(50_000)
    const side = { ...report.from, name, label: name, gateway: name }
    const base = { kind: 'snapshot', label: name } as const
    const markdown = renderDriftMarkdown(
      { ...report, from: side, to: side, base },
      { budget: { maxBytes: 0 } },
    )
    assert.ok(bytes(markdown) < 10_000, String(bytes(markdown)))
  })
})
