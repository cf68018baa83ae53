import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import type { DriftReport } from '../../src/diff/drift-report.ts'
import { FINDING_CLASSES } from '../../src/diff/finding.ts'
import * as messages from '../../src/diff/messages.ts'
import { githubAnnotations } from '../../src/report/drift/github.ts'
import { renderDriftHtml } from '../../src/report/drift/html.ts'
import { renderDriftJunit } from '../../src/report/drift/junit.ts'
import { renderDriftMarkdown } from '../../src/report/drift/markdown.ts'
import { tellReport } from '../../src/report/drift/tell.ts'
import { renderDriftText } from '../../src/report/drift/text.ts'
import { activeIn } from '../cli/runs.ts'
import { parseCommand } from '../report/drift/annotations.ts'
import { harmlessReport, hostileReports } from '../report/drift/hostile-reports.ts'
import { describeInBrowser } from '../support/browser.ts'
import { parseXml } from '../support/xml.ts'

const FINDINGS = 120

/** With sentences that are translated, so that the data in them passes through the templates. */
function inChinese(report: DriftReport): DriftReport {
  const names = { from: report.from.name, to: report.to.name }
  const findings = report.findings.slice(0, FINDINGS).map((one, index) => {
    const worst = FINDING_CLASSES[index % 3]!
    const cells = one.cells.map((cell) => ({ ...cell, class: worst }))
    const message = messages.changed(names, { table: one.table, key: one.key, cells, worst })
    return { ...one, kind: 'changed' as const, message }
  })
  const told = tellReport({ ...report, findings }, 'zh-CN')
  assert.ok(told.findings.every(({ message }) => /在两侧都被改动|中被改动|不同/.test(message)))
  return told
}

const REPORTS = hostileReports(4_500, 23).map(inChinese)

describe('a Chinese report of hostile data', () => {
  it('on a terminal nothing is active', () => {
    for (const report of REPORTS) {
      const text = renderDriftText(report, { width: 60, colors: false, language: 'zh-CN' })
      assert.deepEqual(activeIn(text), [])
    }
  })

  it('annotations are the commands that we wrote', () => {
    for (const report of REPORTS) {
      const lines = githubAnnotations(report, 'zh-CN')
      assert.deepEqual(activeIn(lines.map((line) => line.slice(2)).join('\n')), [])
      const names = lines.map((line) => parseCommand(line)?.name)
      assert.deepEqual([...new Set(names)], ['error', 'warning', 'notice'])
      assert.equal(names.length, 21)
    }
  })

  it('JUnit is well-formed and keeps the names that a history goes by', () => {
    for (const report of REPORTS) {
      const [english, chinese] = (['en', 'zh-CN'] as const).map((language) =>
        parseXml(renderDriftJunit(report, language)),
      )
      const names = (elements: typeof english) =>
        elements!
          .filter(({ name }) => name === 'testcase')
          .map(({ attributes }) => attributes['name'])
      assert.deepEqual(names(chinese), names(english))
    }
  })

  it('Markdown has the tree of a harmless one', () => {
    const render = (report: DriftReport) =>
      skeleton(renderDriftMarkdown(report, { language: 'zh-CN', budget: { maxBytes: 9_000_000 } }))
    const harmless = render(inChinese(harmlessReport()))
    for (const report of REPORTS) assert.ok(render(report) === harmless)
  })
})

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

describeInBrowser('the Chinese page of hostile data', (tab) => {
  it('has the elements and attributes of the English one, and its script speaks Chinese', async () => {
    const { page } = tab()
    const shapes: string[] = []
    for (const language of ['en', 'zh-CN'] as const) {
      await tab().show(renderDriftHtml(REPORTS[0]!, language))
      assert.deepEqual([tab().requests.length, tab().messages], [1, []])
      shapes.push(
        await page.$$eval('*', (all) =>
          all.map((one) => [one.localName, ...one.getAttributeNames()].join(' ')).join('\n'),
        ),
      )
    }
    assert.ok(shapes[0] === shapes[1])
    assert.equal(await page.textContent('#shown'), `${FINDINGS} 个发现项`)
    await page.fill('#search', 'zzzz-nothing')
    assert.equal(await page.textContent('#shown'), `0 / ${FINDINGS} 个发现项`)
  })

  it('copies with Chinese words', async () => {
    await tab().show(renderDriftHtml(REPORTS[0]!, 'zh-CN'))
    const { page } = tab()
    await page.locator('details.finding summary').first().click()
    await page.locator('.resolutions button').first().waitFor()
    assert.equal(await page.locator('.resolutions button').first().textContent(), '复制')
    assert.equal(await page.getAttribute('html', 'lang'), 'zh-CN')
  })
})
