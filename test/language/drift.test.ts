import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { AcceptedList } from '../../src/diff/accepted.ts'
import { duplicateFinding } from '../../src/diff/build-finding.ts'
import type { DriftReport } from '../../src/diff/drift-report.ts'
import type { Finding } from '../../src/diff/finding.ts'
import * as messages from '../../src/diff/messages.ts'
import { resolutionsFor } from '../../src/drift/resolutions.ts'
import { driftTexts } from '../../src/language/drift.ts'
import { DRIFT_FORMATS, renderDrift } from '../../src/report/drift/formats.ts'
import { tellReport } from '../../src/report/drift/tell.ts'
import { renderWays } from '../../src/report/drift/text-tables.ts'
import { CONTEXT } from '../diff/context.ts'
import { commandOn, ownProject, reportOf } from '../drift/command.ts'
import { forOnePair } from '../drift/world.ts'
import { variedReport } from '../report/drift/html-reports.ts'
import { cellFinding, driftReport, finding, table } from '../support/drift-report.ts'

const HAN = /\p{Script=Han}/u

/** Words of ours in English: data of the tests below has no two such words in a row. */
const ENGLISH = /\b[a-z]{2,} [a-z]{2,}\b/g

/** Texts by the path to them; functions are looked at where they are rendered. */
function textsOf(value: object, path = ''): [string, string][] {
  return Object.entries(value).flatMap(([name, one]): [string, string][] => {
    if (typeof one === 'string') return [[`${path}/${name}`, one]]
    return typeof one === 'object' ? textsOf(one as object, `${path}/${name}`) : []
  })
}

describe('the texts of drift reports', () => {
  const [english, chinese] = (['en', 'zh-CN'] as const).map((language) => {
    const { report, page } = driftTexts(language)
    return new Map(textsOf({ report, page }))
  })

  it('are the same ones in both languages, and none is empty', () => {
    assert.deepEqual([...chinese!.keys()], [...english!.keys()])
    for (const [path, text] of [...english!, ...chinese!]) assert.notEqual(text.trim(), '', path)
  })

  it('are Chinese where the English ones are words', () => {
    const left = [...chinese!].filter(([path, text]) => {
      return !HAN.test(text) && /[a-z]{2}/i.test(english!.get(path)!.replaceAll(/\{\w+\}/g, ''))
    })
    const allowed = /^\/page\/(?:script\/part|filters\/bindings\/4\/0)$/
    assert.deepEqual(
      left.filter(([path]) => !allowed.test(path) && !/colon|comma/.test(path)),
      [],
    )
  })
})

const NAMES = { from: 'local', to: 'production' } as const
const KEY = ['甲: "乙" was changed in production', '55']
const ENTRY = { reason: '扩容 (a: b)', owner: 'ops: 1', expires: '2026-12-31' }

function cells(count: number): Finding['cells'] {
  return Array.from({ length: count }, (_, index) => cellFinding({ column: `column${index}` }))
}

function changedMessages(): string[] {
  const classes = ['conflict', 'drift', 'pending', 'different'] as const
  const place = { table: 'channels', key: KEY }
  return classes.flatMap((worst) =>
    [1, 2, 5].flatMap((count) => {
      const said = cells(count).map((cell) => ({ ...cell, class: worst }))
      const other = cellFinding({ class: 'environment' })
      const misread = said.map((cell) => ({ ...cell, difference: 'formatting' as const }))
      return [said, [...said, other], [...said, other, other], misread].map((all) =>
        messages.changed(NAMES, { ...place, cells: all, worst }),
      )
    }),
  )
}

function sidedFindings(): Partial<Finding>[] {
  const place = { table: 'channels', key: KEY }
  return (['from', 'to'] as const).flatMap((side) => [
    ...(['drift', 'pending', 'different'] as const).map((worst) => ({
      message: messages.oneSided(NAMES, { ...place, side, worst }),
    })),
    ...[0, 1, 2].map((others) => ({
      side,
      message: messages.duplicate(NAMES, { ...place, side, rows: 2, others }),
    })),
    ...[0, 1, 2, 3, 4, 5, 6].map((bits) => ({
      kind: 'abilities' as const,
      table: 'abilities',
      side,
      message: messages.abilities(NAMES, {
        key: KEY,
        side,
        isOrphan: bits === 0,
        insert: bits & 1,
        update: bits & 2,
        remove: bits & 4,
      }),
    })),
  ])
}

/** What the accepted list itself says, and what it adds to a finding. */
function acceptanceFindings(): Finding[] {
  const place = { environment: 'production', table: 'channels', key: KEY, path: null, pin: 'x' }
  const entries = [
    { ...place, ...ENTRY, column: 'priority' },
    { ...place, ...ENTRY, column: null },
    { ...place, ...ENTRY, column: 'a', expires: '2020-01-01' },
    { ...place, ...ENTRY, column: 'b' },
  ]
  const input = { environment: 'production', today: '2026-01-01', context: CONTEXT }
  const list = new AcceptedList({ entries, ...input })
  const message = messages.changed(NAMES, { ...place, cells: cells(1), worst: 'drift' })
  const changed = finding({ key: KEY, message, cells: [cellFinding()] })
  const twice = { table: 'channels', key: KEY, side: 'to', rows: 2, others: 1 } as const
  return [
    list.apply(changed),
    list.apply(duplicateFinding(CONTEXT, twice)),
    ...list.findings(new Set(['channels'])),
  ]
}

const EFFECTS = (['missing', 'abilities', 'acceptance'] as const).flatMap((kind) => {
  const subject = { id: '0123456789ab', kind, class: 'drift', side: 'to', isEnsured: true } as const
  const commands = new Set(['seed', 'push', 'pull', 'doctor', 'accept'])
  return resolutionsFor(subject, { ...NAMES, fromKind: 'database', toKind: 'database', commands })
})

function told(findings: readonly Partial<Finding>[]): readonly Finding[] {
  const key = { key: KEY, resolutions: [] }
  return tellReport(driftReport(findings.map((one) => finding({ ...key, ...one }))), 'zh-CN')
    .findings
}

describe('the sentences of findings in Chinese', () => {
  const all = [
    ...changedMessages().map((message) => ({ message })),
    ...sidedFindings(),
    ...acceptanceFindings(),
  ]
  for (const [index, one] of told(all).entries()) {
    it(all[index]!.message!.replaceAll('\n', ' '), () => {
      const own = one.message.replaceAll(KEY[0]!, '').replaceAll(JSON.stringify(KEY[0]), '')
      assert.match(own, HAN)
      assert.deepEqual(own.replace(ENTRY.reason, '').match(ENGLISH) ?? [], [], one.message)
      const data = /column\d|priority|2026-12-31/.exec(all[index]!.message!)?.[0] ?? ''
      assert.ok(one.message.includes(data), one.message)
    })
  }

  it('of what resolves them', () => {
    assert.equal(EFFECTS.length, 7)
    const [one] = told([{ resolutions: EFFECTS }])
    for (const { effect } of one!.resolutions) {
      assert.match(effect, HAN)
      assert.doesNotMatch(effect, /[a-z]{2,} [a-z]{2,}/)
    }
  })

  it('stay as they are where they are not ours, however long and however nested', () => {
    const foreign = [
      'something else',
      '',
      '; another value had been accepted (x, until y)'.repeat(200),
      'was changed in '.repeat(50_000),
    ]
    const started = performance.now()
    const texts = told(foreign.map((message) => ({ message }))).map(({ message }) => message)
    assert.ok(performance.now() - started < 500)
    assert.deepEqual([texts[0], texts[1], texts[3]], [foreign[0], foreign[1], foreign[3]])
  })

  it('English ones are the stored ones', () => {
    const report = driftReport()
    assert.equal(tellReport(report, 'en'), report)
  })
})

/** Reports that together use every text. */
function reports(): DriftReport[] {
  const plain = variedReport(33)
  const reasons = [
    'neither side has this table',
    'the snapshot does not hold this table',
    'its rows are told apart by a secret: set TIDEGATE_FINGERPRINT_KEY',
    'nobody knows how to compare the types of a, b',
  ]
  const way = { ...table('a').way!, reason: 'slow link: 1.2 s to send, 0.4 s to hash' }
  const tables = [
    ...reasons.map((reason, index) =>
      table(`t${index}`, { status: 'absent', reason, unlisted: 2 }),
    ),
    table('near', { way: { ...way, reason: 'each side by its own channels; the table is small' } }),
    table('slow', { way }),
    table('none', { way: null, status: 'incomplete' }),
  ]
  const none = {
    base: { kind: 'none', label: null },
    secrets: { compared: 'state', keyId: null, unknown: 0 },
  } as const
  const verdict = { ...plain.verdict, converged: 2 }
  const findings = plain.findings.map((one) => {
    const key = one.key.map((part) => part.replace(' ', ''))
    const place = { table: one.kind === 'abilities' ? 'channels' : one.table, key }
    const message = messages.changed(NAMES, { ...place, cells: cells(1), worst: 'drift' })
    return { ...one, key, message, resolutions: EFFECTS }
  })
  const incomplete = { ...verdict, status: 'incomplete' } as const
  const all: DriftReport[] = [
    { ...plain, findings, tables, verdict },
    { ...plain, findings, tables, ...none, omitted: 3, verdict: incomplete },
    driftReport([]),
    driftReport([finding({ class: 'pending', message: 'x', resolutions: [] })]),
    driftReport([finding({ class: 'accepted', message: 'x', resolutions: [] })]),
  ]
  return all.map((report) => ({ ...report, from: { ...report.from, gateway: null } }))
}

/** Names that formats define, and what no report says in words. */
const NOT_WORDS =
  /<style>[^]*?<\/style>|<script>[^]*?<\/script>|<meta[^>]*>|\$ .*|tidegate (?:push|pull|accept|seed|doctor)[^`<\n]*|row \d+|new-api since|(?:class|role|for|id|style|data-[a-z]+|aria-[a-z]+|type)="[^"]*"/g

/** Data of the reports above, and what the formats are written in. */
const DATA = new Set([
  'sqlite data',
  'postgres gateway',
  'tag proxy',
  'type gateway',
  'small table',
  'doctype html',
  'html lang',
  'time datetime',
  'label title',
  'th scope',
  'error file',
  'warning file',
])

describe('a report in Chinese', () => {
  for (const format of DRIFT_FORMATS) {
    if (['json', 'jsonl', 'sarif', 'junit'].includes(format)) continue
    it(`${format} has no English sentence left`, async () => {
      for (const report of reports()) {
        const options = { width: 70, colors: false, language: 'zh-CN' } as const
        const text = await renderDrift(format, tellReport(report, 'zh-CN'), options)
        const ways = format === 'text' ? renderWays(tellReport(report, 'zh-CN'), options) : ''
        const words = `${text}\n${ways}`.replaceAll(NOT_WORDS, '').match(ENGLISH) ?? []
        assert.deepEqual(
          [...new Set(words)].filter((one) => !DATA.has(one)),
          [],
        )
      }
    })
  }
})

forOnePair('n26', (pair) => {
  const project = ownProject()
  const run = commandOn(pair, project)

  beforeEach(async () => {
    for (const key of ['Footer', 'About']) await pair.insert('options', { key, value: 'a' })
    await pair.to.execute(`update options set value = 'b' where "key" = 'Footer'`)
    await pair.to.execute(`delete from options where "key" = 'About'`)
  })

  it('drift speaks the language of the locale in every format, with the same findings', async () => {
    const env = { LANG: 'zh_CN.UTF-8' }
    const [english, chinese] = [await reportOf(run, 'drift'), await reportOf(run, 'drift', env)]
    assert.deepEqual(
      chinese.findings.map(({ id, class: name, cells }) => [id, name, cells]),
      english.findings.map(({ id, class: name, cells }) => [id, name, cells]),
    )
    assert.match(chinese.findings[0]!.message, /^options "\w+"：/)
    const text = await run('drift', env)
    assert.match(text.stdout, /^存在不同：1 张表中有 2 行（2 项不同）\n双向比较/)
    assert.match((await run('drift --format markdown', env)).stdout, /\*\*存在不同：/)
    assert.match((await run('drift --format html', env)).stdout, /<html lang="zh-CN">/)
    assert.match((await run('drift --lang en', env)).stdout, /^Different: 2 rows in 1 table/)
  })

  it('a stored report is rendered in the language that is asked for', async () => {
    await run('drift --output stored.json')
    const fresh = await run('drift --lang zh-CN --format github')
    const rendered = await run('drift render stored.json --lang zh-CN --format github')
    assert.match(rendered.stdout, /^::error /m)
    assert.equal(rendered.stdout, fresh.stdout)
  })

  it('what was accepted in one language is accepted in the other', async () => {
    const { findings } = await reportOf(run, 'drift')
    const ids = findings.map(({ id }) => id).join(' ')
    await run(`accept ${ids} --reason r --owner o`, { LANG: 'zh_CN.UTF-8' })
    for (const LANG of ['C', 'zh_CN.UTF-8']) {
      const { verdict } = await reportOf(run, 'drift', { LANG })
      assert.deepEqual([verdict.counts.accepted, verdict.counts.different], [2, 0])
    }
  })
})
