import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import type { DriftReport } from '../../../src/diff/drift-report.ts'
import { renderDriftMarkdown } from '../../../src/report/drift/markdown.ts'
import { activeIn } from '../../cli/runs.ts'
import { driftReport, table } from '../../support/drift-report.ts'
import { harmlessReport, hostileReports } from './hostile-reports.ts'

/** Each level has at least a fifth less than the one before: closer budgets take longer to meet. */
const NEXT_BUDGET = 0.8

/** Every level of detail, the fullest first. */
function levels(report: DriftReport): string[] {
  const texts: string[] = []
  let maxBytes = Number.MAX_SAFE_INTEGER
  for (;;) {
    const markdown = renderDriftMarkdown(report, { budget: { maxBytes } })
    if (markdown === texts.at(-1)) return texts
    texts.push(markdown)
    maxBytes = Math.floor(Buffer.byteLength(markdown) * NEXT_BUDGET)
  }
}

/** The tree as a forge sees it, without what is in code and without the marker's names. */
function skeleton(markdown: string): string {
  const options = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }
  const blank = (node: Nodes): unknown => {
    if ('children' in node) return [node.type, ...node.children.map(blank)]
    if (node.type === 'inlineCode' || !('value' in node)) return node.type
    return [node.type, node.value.startsWith('<!--') ? 'marker' : node.value]
  }
  return JSON.stringify(blank(fromMarkdown(markdown, options)))
}

/** Shows where two long texts part. */
function assertSame(actual: string, expected: string): void {
  if (actual === expected) return
  const at = [...actual].findIndex((character, index) => character !== expected[index])
  const excerpt = (text: string): string => text.slice(Math.max(at - 80, 0), at + 80)
  assert.fail(`${excerpt(actual)}\n\nis not\n\n${excerpt(expected)}`)
}

const HARMLESS = levels(harmlessReport()).map(skeleton)

/** What a forge or a mail turns into something, wherever it stands. */
const REFERENCES: readonly (readonly [string, RegExp])[] = [
  ['mention', /@\w/],
  ['issue', /#\d/],
  ['issue of a project', /GH-\d/i],
  ['address', /:\/\//],
  ['host', /www\./i],
  ['mail', /mailto:\w/i],
  ['emoji', /:[\w+-]+:/],
  ['commit', /[0-9a-f]{7}/i],
  ['command', /##\[|^\s*::/m],
]

function assertWithoutReferences(markdown: string): void {
  const [marker, ...lines] = markdown.split('\n')
  assert.match(marker!, /^<!-- tidegate:drift:from=[\w.%-]*:to=[\w.%-]* -->$/)
  const text = lines.join('\n').replaceAll(/`0{9}[0-9a-f]{3}`/g, '`id`')
  for (const [name, pattern] of REFERENCES) {
    const found = pattern.exec(text)
    assert.equal(found && text.slice(found.index - 60, found.index + 60), null, name)
  }
  assert.deepEqual(activeIn(text.replaceAll('\u200b', '')), [])
}

describe('Markdown of hostile data', () => {
  it('no name of a table changes the columns of the table', () => {
    const [harmless, ...others] = [
      'a',
      '|',
      'a\\|b',
      'a\\\\|b',
      '\\',
      '`|`',
      '\n|-|\n',
      '&#124;',
    ].map((name) => skeleton(renderDriftMarkdown(driftReport([], { tables: [table(name)] }))))
    for (const other of others) assertSame(other, harmless!)
  })

  const reports = hostileReports(20_000, 7).map(levels)

  it('is the document of harmless data at every level, but for what is in code', () => {
    assert.equal(HARMLESS.length, 5)
    for (const texts of reports) {
      assert.equal(texts.length, HARMLESS.length)
      texts.forEach((text, level) => assertSame(skeleton(text), HARMLESS[level]!))
    }
  })

  it('has no mention, reference, link or emoji even where code is ignored', () => {
    for (const texts of reports) texts.forEach(assertWithoutReferences)
  })
})
