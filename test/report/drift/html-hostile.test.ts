import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Page } from 'playwright-core'
import type { DriftReport } from '../../../src/diff/drift-report.ts'
import { renderDriftHtml } from '../../../src/report/drift/html.ts'
import { escapeText } from '../../../src/report/escape.ts'
import { describeInBrowser } from '../../support/browser.ts'
import { cellFinding, driftReport, finding } from '../../support/drift-report.ts'
import { hostileReports } from './hostile-reports.ts'

/** All that the page is made of: elements, each with the attributes that it may have. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries({
    html: 'lang',
    head: '',
    meta: 'http-equiv content charset name',
    title: '',
    style: '',
    script: '',
    body: 'data-one data-other data-part data-copy data-copied data-selected',
    header: '',
    main: '',
    footer: '',
    section: 'class aria-label aria-labelledby hidden',
    article: '',
    div: 'class id role aria-label hidden',
    p: 'class id hidden',
    span: 'class role aria-label title',
    b: '',
    bdi: 'class',
    code: '',
    kbd: '',
    mark: '',
    small: '',
    pre: 'class tabindex',
    time: 'datetime',
    h1: '',
    h2: 'id',
    h3: '',
    ul: 'class aria-label',
    li: 'class',
    dl: '',
    dt: '',
    dd: '',
    table: 'class role',
    thead: '',
    tbody: '',
    tr: 'class role',
    th: 'scope role',
    td: 'class role data-label',
    fieldset: '',
    legend: '',
    label: 'title',
    input:
      'id type placeholder aria-label aria-keyshortcuts autocomplete spellcheck data-facet data-value',
    output: 'id aria-live',
    button: 'id type hidden aria-keyshortcuts',
    dialog: 'id aria-labelledby',
    details: 'class data-class data-severity data-group open hidden',
    summary: '',
  }).map(([name, attributes]) => [name, attributes.split(' ')]),
)

/** `element@attribute` of everything that is none of ours. */
function strangers(page: Page): Promise<string[]> {
  return page.evaluate((allowed) => {
    const found = new Set<string>()
    for (const element of document.querySelectorAll('*')) {
      if (element.namespaceURI !== document.documentElement.namespaceURI) found.add('namespace')
      for (const name of ['', ...element.getAttributeNames()]) {
        if (!allowed[element.localName]?.includes(name) && (name || !allowed[element.localName])) {
          found.add(`${element.localName}@${name}`)
        }
      }
    }
    return [...found]
  }, ALLOWED)
}

function shownValues(values: readonly (string | null)[]): string[] {
  return values.map((text) => (text === null ? 'NULL' : text === '' ? '(empty)' : escapeText(text)))
}

/** Selectors, and the texts of all elements that they find. */
function expectedTexts(report: DriftReport): Record<string, string[]> {
  const { findings, tables } = report
  const cells = findings.flatMap((one) => one.cells)
  const absent = cells.filter(({ present }) => present === 'to').map(() => 'absent')
  const left = cells.filter(({ present }) => present !== 'to')
  const resolutions = findings.flatMap((one) => one.resolutions)
  const acceptances = findings.flatMap(({ acceptance }) => acceptance ?? [])
  const data = (texts: readonly string[]): string[] => texts.map(escapeText)
  return {
    'td.base > div > *': shownValues(cells.map(({ base }) => base ?? null)),
    'td.from > div > span, td.from > div > bdi': [
      ...shownValues(left.map(({ from }) => from)),
      ...absent,
    ],
    'td.to > div > span, td.to > div > bdi': shownValues(cells.map(({ to }) => to)),
    '.members :is(.value, .nothing)': shownValues(
      cells.flatMap(({ added, removed }) => [...added, ...removed]),
    ),
    '.key': findings.map(({ key, table, class: name }) => {
      const isApart = ['environment', 'runtime', 'accepted'].includes(name)
      return (isApart ? escapeText(table) : '') + shownValues(key).join('')
    }),
    '.column': data(cells.map(({ column }) => column)),
    '.path': data(cells.flatMap(({ path }) => path ?? [])),
    '.message': data(findings.map(({ message }) => message)),
    'pre.command': data(resolutions.map(({ command }) => command)),
    '.resolutions p': data(resolutions.map(({ effect }) => effect)),
    '.acceptance bdi': data(acceptances.flatMap((one) => [one.owner, one.expires, one.reason])),
    '.sides bdi': data([report.from.name, report.to.name]),
    '.facts h2 bdi': data([report.from.name, report.to.name]),
    '.tables tbody th': data(tables.map(({ table }) => table)),
    '.tables .status + small': data(tables.flatMap(({ reason }) => reason ?? [])),
  }
}

async function assertAllThere(page: Page, report: DriftReport): Promise<void> {
  const expected = expectedTexts(report)
  const found = await page.evaluate(
    (selectors) =>
      selectors.map((selector) =>
        [...document.querySelectorAll(selector)].map(({ textContent }) => textContent ?? ''),
      ),
    Object.keys(expected),
  )
  // The page groups what the report lists.
  Object.entries(expected).forEach(([selector, texts], index) =>
    assert.deepEqual(found[index]!.toSorted(), texts.toSorted(), selector),
  )
}

describeInBrowser('the HTML report of hostile data in a browser', (tab) => {
  it('20,000 values: only elements of ours, every text as it was, nothing runs', async () => {
    for (const report of hostileReports(20_000, 11)) {
      await tab().show(renderDriftHtml(report))
      const { page, requests, messages } = tab()
      assert.deepEqual(await strangers(page), [])
      assert.equal(await page.locator('details.finding').count(), report.findings.length)
      await assertAllThere(page, report)
      assert.deepEqual([requests.length, messages], [1, []])
    }
  })

  it('a script in the data does not run, in whatever place it stands', async () => {
    const attacks = [
      '<script>window.hit=1</script>',
      '</script><script>window.hit=1</script>',
      '</title></style><img src="https://evil.example/x" onerror="window.hit=1">',
      '"><svg onload="window.hit=1">',
      '<iframe srcdoc="<script>parent.hit=1</script>"></iframe>',
      '<meta http-equiv="refresh" content="0;url=https://evil.example">',
      '<base href="https://evil.example"><link rel="stylesheet" href="/x.css">',
    ]
    const findings = attacks.map((attack) =>
      finding({
        table: attack,
        key: [attack],
        message: attack,
        cells: [cellFinding({ column: attack, path: attack, from: attack, to: attack })],
        resolutions: [{ command: attack, effect: attack }],
      }),
    )
    const plain = driftReport(findings)
    const side = { ...plain.from, name: attacks[2]!, label: attacks[1]!, gateway: attacks[3]! }
    await tab().show(renderDriftHtml({ ...plain, from: side, to: side }))
    const { page, requests, messages } = tab()
    await page.click('#expand')
    await page.fill('#search', attacks[0]!)
    assert.equal(await page.evaluate(() => 'hit' in window), false)
    assert.deepEqual([requests.length, messages], [1, []])
  })

  it('markup that got in would not run either', async () => {
    const html = renderDriftHtml(driftReport()).replace(
      '<main>',
      `<main><script>window.hit=1</script><img src="https://evil.example/x" onerror="window.hit=1">
       <style>main{display:none}</style><p style="color:red" id="in">in</p>
       <iframe src="https://evil.example"></iframe>`,
    )
    await tab().show(html)
    const { page, messages } = tab()
    assert.equal(await page.evaluate(() => 'hit' in window), false)
    assert.equal(await page.isVisible('#in'), true)
    assert.ok(messages.length >= 5, messages.join('\n'))
    assert.ok(messages.every((message) => /Content Security Policy/.test(message)))
  })
})
