import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import stringWidth from 'string-width'
import type { CellFinding } from '../../../src/diff/finding.ts'
import { renderWays } from '../../../src/report/drift/text-tables.ts'
import { renderDriftText } from '../../../src/report/drift/text.ts'
import { cellFinding, driftReport, finding, table } from '../../support/drift-report.ts'

const WIDE = { width: Number.POSITIVE_INFINITY, colors: false }

const { base: _, ...withoutBase } = cellFinding()

const CELLS: readonly (readonly [string, CellFinding, string])[] = [
  ['three-way', cellFinding(), 'priority: "5" → "0" (base "5")'],
  ['two-way', withoutBase, 'priority: "5" → "0"'],
  [
    'NULL is no text',
    cellFinding({ from: null, to: 'NULL', base: null }),
    'priority: NULL → "NULL" (base NULL)',
  ],
  ['a member', cellFinding({ path: 'gpt-5' }), 'priority gpt-5: "5" → "0" (base "5")'],
  [
    'a list',
    { ...withoutBase, added: ['a', 'b'], removed: ['c'] },
    'priority: added "a", "b", removed "c"',
  ],
  [
    'a long list',
    { ...withoutBase, added: Array.from({ length: 32 }, () => 'm') },
    `priority: added ${'"m", '.repeat(30)}2 more`,
  ],
  [
    'a secret',
    cellFinding({ secret: true, from: 'set', to: '(empty)', base: 'set' }),
    'priority: set → (empty) (base set)',
  ],
  ['only left', { ...withoutBase, present: 'from' }, 'priority: only in local, "5"'],
  ['only right', { ...withoutBase, present: 'to' }, 'priority: only in production, "0"'],
  [
    'padded',
    { ...withoutBase, difference: 'formatting' },
    'priority: "5" → "0" (same meaning, but the gateway does not trim)',
  ],
  ['of another class', { ...withoutBase, class: 'pending' }, 'priority: "5" → "0" (pending)'],
]

describe('a cell in text', () => {
  for (const [name, cell, line] of CELLS) {
    it(name, () => {
      const text = renderDriftText(driftReport([finding({ cells: [cell] })]), WIDE)
      assert.ok(text.split('\n').includes(`    ${line}`), text)
    })
  }
})

const REPORT = driftReport(
  [
    finding(),
    finding({ table: 'options', class: 'pending', key: ['ModelPrice'], location: null }),
    finding({ table: 'abilities', class: 'runtime', key: [] }),
    finding({ class: 'environment' }),
    finding({
      class: 'accepted',
      acceptance: { reason: 'why', owner: 'ops', expires: '2027-01-31' },
    }),
  ],
  {
    omitted: 2,
    tables: [
      table('channels', { unlisted: 5 }),
      table('logs', { status: 'absent', from: null, reason: 'not in local' }),
    ],
  },
)

describe('the report in text', () => {
  const text = renderDriftText(REPORT, WIDE)
  const lines = text.split('\n')

  it('lists per table, and apart what nobody has to act on', () => {
    const titles = lines.filter((line) => /^\S.*: \d+ findings?$/.test(line))
    assert.deepEqual(titles, [
      'channels: 1 finding',
      'options: 1 finding',
      'apart, environment: 1 finding',
      'apart, runtime: 1 finding',
      'apart, accepted: 1 finding',
    ])
  })

  it('has a table of tables, sides, base and what is not compared', () => {
    for (const line of [
      'table     local  production  result',
      'channels  3      3           complete, 5 rows of customers not listed: 1 drift, 1 environment, 1 accepted',
      'logs      -      3           absent: not in local',
      'from local: sqlite data/one-api.db, new-api since 2025-09-09, read 2026-11-22 20:00:00 UTC',
      'base: what tidegate last applied to production',
      'not compared: logs_archive',
      '2 findings more, not listed',
      '    accepted until 2027-01-31 by "ops": "why"',
      '  runtime abilities (the whole table) 0123456789ab',
    ]) {
      assert.ok(lines.includes(line), `${line}\n\n${text}`)
    }
  })

  it('every finding has its commands, and the line of its seed', () => {
    assert.equal(lines.filter((line) => line.startsWith('    $ tidegate ')).length, 10)
    const located = lines.filter((line) => line === '    declared in seeds/bltcy-channel.ts:27')
    assert.equal(located.length, 4)
  })

  it('fits a narrow terminal, except for commands, and loses nothing', () => {
    const words = (value: string) => value.replaceAll(/\s+/g, '')
    for (const width of [20, 40, 71]) {
      const narrow = renderDriftText(REPORT, { width, colors: false })
      const wide = renderDriftText(REPORT, { width: 71, colors: false })
      assert.equal(words(narrow), words(wide))
      const commands = narrow.split('\n').filter((line) => line.startsWith('    $ tidegate'))
      assert.ok(commands.every((line) => / (?:0123456789ab|"…")$/.test(line)))
      for (const line of narrow.split('\n')) {
        const columns = Math.max(width, 26)
        assert.ok(/^ *\$ /.test(line) || stringWidth(line) <= columns, `${width}: ${line}`)
      }
    }
  })

  it('cuts a word that is wider than the terminal', () => {
    const key = ['旧'.repeat(60), 'x'.repeat(100)]
    const narrow = renderDriftText(driftReport([finding({ key })]), { width: 40, colors: false })
    const long = narrow.split('\n').filter((line) => stringWidth(line) > 40 && !line.includes('$'))
    assert.deepEqual(long, [])
    assert.equal(narrow.match(/旧/g)!.length, 60 + 1)
  })

  it('colours only when asked to', () => {
    const colored = renderDriftText(REPORT, { ...WIDE, colors: true })
    assert.notEqual(colored, text)
    assert.equal(stripVTControlCharacters(colored), text)
  })

  it('says how each table was compared', () => {
    const ways = renderWays({ ...REPORT, tables: [table('a'), table('b', { way: null })] }, WIDE)
    assert.deepEqual(
      ways.split('\n').map((line) => line.split(/ {2,}/)),
      [
        ['table', 'algorithm', 'took', 'received', 'scans', 'trips', 'why'],
        ['a', 'stream', '12 ms', '1024 B', '2', '1', 'small table'],
        ['b', '-', 'not compared'],
      ],
    )
  })
})
