import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import type { Page } from 'playwright-core'
import type { Diagnosis } from '../../../src/doctor/diagnosis.ts'
import { doctorTexts } from '../../../src/language/catalogue.ts'
import type { Language } from '../../../src/language/language.ts'
import { describeInBrowser } from '../../support/browser.ts'
import {
  bigDiagnosis,
  healthyDiagnosis,
  incidentDiagnosis,
  route,
} from '../../support/diagnosis.ts'
import { cell, choose, html, panel } from './html-tab.ts'

describeInBrowser('using the doctor’s page', (tab) => {
  let page: Page
  before(() => void (page = tab().page))

  const show = (diagnosis: Diagnosis, language?: Language) => tab().show(html(diagnosis, language))
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key)
  }
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))

  it('a click opens the route: who asks, where it breaks, why, and what to run', async () => {
    await show(incidentDiagnosis())
    await choose(page, 'cache-on')
    await cell(page, 1, 2).click()
    const { rules } = doctorTexts('en')
    assert.equal(await panel(page).locator('h3').innerText(), 'default×pika')
    const steps = panel(page).locator('.steps > li')
    assert.deepEqual(await steps.evaluateAll((items) => items.map(({ className }) => className)), [
      'passed',
      'passed',
      'passed',
      'passed',
      'broken',
      'unreached',
    ])
    assert.match(await steps.nth(0).innerText(), /2 enabled tokens/)
    assert.match(await steps.nth(2).innerText(), /default/)
    assert.match(await steps.nth(3).innerText(), /pika/)
    assert.match(await steps.nth(4).innerText(), /breaks here/)
    const cause = await panel(page).locator('.cause').innerText()
    assert.ok(cause.includes(rules.A6.title), cause)
    assert.match(cause, /tidegate doctor --fix A6 --env production/)
    await press('Escape')
    assert.equal(await panel(page).count(), 0)
    await cell(page, 2, 2).click()
    const channels = panel(page).locator('.tiers ul li')
    assert.deepEqual(
      (await channels.allInnerTexts()).map((text) => text.split(/\s+/).join(' ')),
      ['Bltcy旧网关 #8 type 55 50%', 'no such channel #99 50% A3', 'backup #9 type 55 100%'],
    )
    await panel(page).locator('.close').click()
    assert.equal(await panel(page).count(), 0)
  })

  it('a panel that several cells share names the one that was asked for', async () => {
    const routes = [
      route({ group: 'default', model: 'runway', tokens: 1 }),
      route({ group: 'vip', model: 'pika', tokens: 7 }),
    ]
    await show({ ...healthyDiagnosis(), routes })
    for (const [row, column, name, tokens] of [
      [2, 2, 'vip×pika', '7 enabled tokens'],
      [1, 1, 'default×runway', '1 enabled token'],
    ] as const) {
      await cell(page, row, column).click()
      assert.equal(await panel(page).locator('h3').innerText(), name)
      assert.equal(await panel(page).locator('.for-tokens').innerText(), tokens)
      await press('Escape')
    }
  })

  it('arrow keys move in the map, past gaps, and an open panel follows', async () => {
    const { routes } = incidentDiagnosis()
    const [first, others] = ['vip', 'default'].map((name) =>
      routes.filter(({ group }) => group === name),
    )
    const gap = others!.filter(({ model }) => model !== 'pika')
    await show({ ...incidentDiagnosis(), routes: [...first!, ...gap] })
    await cell(page, 2, 1).focus()
    await press('ArrowRight')
    assert.equal(await focused(), 'default, kling: refused with HTTP 503 (A1)')
    await press('ArrowUp', 'ArrowLeft')
    assert.equal(await focused(), 'vip, pika: weakened (A3)')
    assert.equal(await page.textContent('.readout'), 'vip, pika: weakened (A3)')
    await press('Home')
    assert.match((await focused()) ?? '', /^vip, runway/)
    await press('End', 'Enter')
    assert.equal(await panel(page).locator('h3').innerText(), 'vip×kling')
    await press('ArrowLeft')
    assert.equal(await panel(page).locator('h3').innerText(), 'vip×pika')
    assert.equal(await panel(page).count(), 1)
    await press('Escape')
    assert.equal(await focused(), 'vip, pika: weakened (A3)')
    const stops = await page.locator('.matrix:visible button[tabindex="0"]').count()
    assert.equal(stops, 1)
  })

  it('severities and the search narrow the findings; a link brings its finding back', async () => {
    await show(incidentDiagnosis())
    const shown = () => page.locator('details.finding:visible .of').allTextContents()
    await page.locator('label:has([data-severity=error])').click()
    assert.deepEqual(await shown(), ['C2', 'A1', 'P1'])
    await page.fill('#search', ' PADDING  bltcy旧')
    assert.deepEqual(await shown(), ['C2'])
    assert.equal(await page.textContent('#shown'), '1 of 5')
    assert.equal(await page.locator('label:has([data-severity=warning]) .count').innerText(), '0')
    await page.fill('#search', 'no such thing')
    assert.equal(await page.isVisible('#none'), true)
    await page.click('#collapse')
    await choose(page, 'cache-off')
    await cell(page, 2, 3).click()
    await panel(page).locator('a.rule').click()
    assert.equal(await panel(page).count(), 0)
    assert.equal((await shown()).length, 5)
    assert.equal(await page.locator('#finding-P1').isVisible(), true)
    await press('/')
    await page.keyboard.type('x/y')
    assert.equal(await page.inputValue('#search'), 'x/y')
    await press('Escape')
    assert.equal((await shown()).length, 5)
  })

  it('Copy copies the command as it stands, in a finding and in a panel', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await show(incidentDiagnosis(), 'zh-CN')
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText())
    const copy = page.getByRole('button', { name: '复制', exact: true })
    await page.locator('details.finding').nth(1).locator(copy).click()
    await page.getByRole('button', { name: '已复制' }).first().waitFor()
    assert.equal(await clipboard(), 'tidegate doctor --fix C2 --env production')
    await choose(page, 'cache-on')
    await cell(page, 1, 1).click()
    await panel(page).locator(copy).click()
    await panel(page).getByRole('button', { name: '已复制' }).waitFor()
    assert.equal(await clipboard(), 'tidegate doctor --fix A6 --env production')
  })

  it('what cannot be shown as it is cannot be copied', async () => {
    const diagnosis = incidentDiagnosis()
    const [first, ...rest] = diagnosis.findings
    const repair = { kind: 'command', command: 'tidegate doctor --env a\u202eb' } as const
    await show({ ...diagnosis, findings: [{ ...first!, repair }, ...rest] })
    const finding = page.locator('details.finding').first()
    assert.equal(await finding.locator('.repair button').count(), 0)
    assert.ok((await finding.textContent())?.includes(doctorTexts('en').ui.notExact))
  })

  it('only groups and models with problems can be shown', async () => {
    const diagnosis = bigDiagnosis(13, 4)
    const isBad = (group: string | null, model: string) =>
      group === 'group-2' && model === 'model-3'
    const routes = diagnosis.routes.map((one) =>
      isBad(one.group, one.model) && one.mode === 'cache-off'
        ? { ...one, outcome: 'crash' as const }
        : route({ mode: one.mode, group: one.group, model: one.model }),
    )
    await show({ ...diagnosis, routes })
    await page.check('#only-problems')
    assert.deepEqual(await page.locator('.matrix button:visible').allTextContents(), ['!!'])
    assert.deepEqual(await page.locator('.matrix th:visible').allInnerTexts(), [
      'group',
      'model-3',
      'group-2',
    ])
    await choose(page, 'cache-on')
    assert.equal(await page.locator('.no-problems:visible').count(), 1)
  })
})
