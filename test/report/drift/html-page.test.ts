import assert from 'node:assert/strict'
import { before, beforeEach, it } from 'node:test'
import type { Page } from 'playwright-core'
import type { DriftReport } from '../../../src/diff/drift-report.ts'
import { FINDING_CLASSES, SEVERITIES } from '../../../src/diff/finding.ts'
import { renderDriftHtml } from '../../../src/report/drift/html.ts'
import { describeInBrowser, openPage } from '../../support/browser.ts'
import { driftReport } from '../../support/drift-report.ts'
import { contrasts } from './html-contrast.ts'
import { variedReport } from './html-reports.ts'

const FINDINGS = 33

/** Those that have banners of their own; the report itself has the failing one. */
const VERDICTS = [
  { status: 'clean', failing: false },
  { status: 'different', failing: false },
  { status: 'incomplete', failing: true },
] as const

describeInBrowser('the HTML report in a browser', (tab) => {
  let page: Page
  before(() => void (page = tab().page))
  beforeEach(async () => {
    await page.emulateMedia({ colorScheme: 'light', media: 'screen' })
    await page.setViewportSize({ width: 1200, height: 900 })
  })

  const show = (report: DriftReport) => tab().show(renderDriftHtml(report))
  const shownFindings = () => page.locator('details.finding:not([hidden])').count()

  it('shows every finding once, runs its own script and asks for nothing', async () => {
    const report = variedReport(FINDINGS)
    await show(report)
    const ids = await page.$$eval('.origin code:first-of-type', (codes) =>
      codes.map((code) => code.textContent),
    )
    const expected = report.findings.map(({ id }) => id)
    assert.deepEqual(ids.filter((id) => id?.length === 12).toSorted(), expected.toSorted())
    assert.equal(await page.isVisible('#search'), true)
    assert.equal(await page.$eval('body', (body) => getComputedStyle(body).marginTop), '0px')
    assert.deepEqual([tab().requests.length, tab().messages], [1, []])
  })

  it('works without JavaScript: all findings are there, and fold', async () => {
    await using scriptless = await openPage(tab().page.context().browser()!, {
      javaScriptEnabled: false,
    })
    const { page } = scriptless
    await scriptless.show(renderDriftHtml(variedReport(FINDINGS)))
    assert.equal(await page.locator('details.finding').count(), FINDINGS)
    assert.equal(await page.locator('details.finding:visible').count(), FINDINGS)
    assert.equal(await page.isVisible('#filters'), false)
    const first = page.locator('details.finding').first()
    await first.locator('summary').click()
    assert.equal(await first.locator('.body').isVisible(), true)
  })

  it('a clean report has no filters and no findings', async () => {
    await show(driftReport([]))
    assert.equal(await page.locator('#filters, .findings').count(), 0)
    assert.match((await page.textContent('h1')) ?? '', /^No drift/)
    assert.deepEqual(tab().messages, [])
  })

  it('unfolds the findings of a short report', async () => {
    await show(variedReport(8))
    assert.equal(await page.locator('details.finding[open]').count(), 8)
  })

  it('1,000 findings open, filter and unfold; this is how fast', async (test) => {
    const report = variedReport(1_000)
    const findings = report.findings.map((one) => ({ ...one, cells: one.cells.slice(0, 1) }))
    const rendered = performance.now()
    const html = renderDriftHtml({ ...report, findings })
    const opening = performance.now()
    await tab().show(html)
    const ready = performance.now()
    const keys: number[] = []
    for (const text of ['0', '00', '00a', '00a0', '', '旧', '旧网', 'row 999', '']) {
      keys.push(await page.evaluate(typeAndPaint, text))
    }
    assert.equal(await shownFindings(), 1_000)
    const unfolding = performance.now()
    await page.click('#expand')
    assert.equal(await page.locator('details.finding[open]').count(), 1_000)
    const times = {
      render: opening - rendered,
      open: ready - opening,
      slowestKey: Math.max(...keys),
      unfold: performance.now() - unfolding,
    }
    for (const [name, ms] of Object.entries(times)) test.diagnostic(`${name}: ${Math.round(ms)} ms`)
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`every text can be read, ${colorScheme}`, async () => {
      await page.emulateMedia({ colorScheme })
      await show(variedReport(FINDINGS))
      await page.click('#expand')
      await page.locator('.finding').first().locator('button').first().waitFor()
      const found = await contrasts(page)
      for (const verdict of VERDICTS) {
        const report = variedReport(1)
        await show({ ...report, verdict: { ...report.verdict, ...verdict } })
        found.push(...(await contrasts(page)))
      }
      assert.ok(found.length > 40, `${found.length} kinds of text`)
      assert.deepEqual(
        found.filter(({ ratio }) => ratio < 4.5),
        [],
      )
    })
  }

  it('light and dark differ', async () => {
    const background = async (colorScheme: 'light' | 'dark') => {
      await page.emulateMedia({ colorScheme })
      await show(variedReport(1))
      return await page.$eval('body', (body) => getComputedStyle(body).backgroundColor)
    }
    assert.notEqual(await background('light'), await background('dark'))
  })

  it('a phone never scrolls sideways, whatever is unfolded', async () => {
    const long = 'x'.repeat(2_000)
    const report = variedReport(FINDINGS)
    const [first, ...rest] = report.findings
    const findings = [{ ...first!, key: [long], message: long, table: long }, ...rest]
    await page.setViewportSize({ width: 360, height: 740 })
    await show({ ...report, findings, notCompared: [long] })
    await page.click('#expand')
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    assert.equal(width, 360)
  })

  it('prints what is folded', async () => {
    await show(variedReport(FINDINGS))
    const body = page.locator('details.finding .body').first()
    const isShown = () =>
      body.evaluate((one) => one.checkVisibility({ contentVisibilityAuto: true }))
    assert.equal(await isShown(), false)
    await page.emulateMedia({ media: 'print' })
    assert.equal(await isShown(), true)
    assert.equal(await page.isVisible('#search'), false)
  })

  it('the search narrows as one types, by all words, and says when nothing matches', async () => {
    await show(variedReport(FINDINGS))
    const { findings } = variedReport(FINDINGS)
    const matching = findings.filter(({ key }) => key[1] === '旧网关')
    const both = matching.filter(({ acceptance }) => acceptance !== null)
    assert.ok(both.length > 0 && both.length < matching.length)
    await page.locator('#search').pressSequentially('旧网关')
    assert.equal(await shownFindings(), matching.length)
    await page.fill('#search', ' OPS  旧网关')
    assert.equal(await shownFindings(), both.length)
    await page.fill('#search', '00000000000a')
    assert.equal(await shownFindings(), 1)
    assert.equal(await page.textContent('#shown'), `1 of ${FINDINGS} findings`)
    assert.equal(await page.locator('section.group:visible').count(), 1)
    await page.fill('#search', 'no such thing')
    assert.equal(await page.isVisible('text=No finding matches'), true)
    assert.equal(await shownFindings(), 0)
    await page.click('#clear')
    assert.equal(await shownFindings(), FINDINGS)
    assert.equal(await page.isVisible('text=No finding matches'), false)
  })

  it('facets narrow together, and each choice counts what it would show', async () => {
    const { findings } = variedReport(FINDINGS)
    await show(variedReport(FINDINGS))
    const box = (facet: string, value: string) =>
      page.locator(`label:has([data-facet=${facet}][data-value="${value}"])`)
    const count = async (facet: string, value: string) =>
      Number(await box(facet, value).locator('.count').textContent())
    await box('severity', 'error').click()
    for (const name of FINDING_CLASSES) {
      const fits = findings.filter((one) => one.severity === 'error' && one.class === name)
      assert.equal(await count('class', name), fits.length, name)
    }
    for (const name of SEVERITIES) {
      const fits = findings.filter(({ severity }) => severity === name)
      assert.equal(await count('severity', name), fits.length, name)
    }
    await box('class', 'drift').click()
    await box('class', 'schema').click()
    const both = findings.filter(
      (one) => one.severity === 'error' && ['drift', 'schema'].includes(one.class),
    )
    assert.equal(await shownFindings(), both.length)
    await box('group', '0').click()
    const table = findings[0]!.table
    assert.equal(await shownFindings(), both.filter((one) => one.table === table).length)
  })
})

/** Milliseconds from the input to the next painted frame. */
function typeAndPaint(text: string): Promise<number> {
  const search = document.querySelector<HTMLInputElement>('#search')!
  const start = performance.now()
  search.value = text
  search.dispatchEvent(new Event('input'))
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)))
  })
}
