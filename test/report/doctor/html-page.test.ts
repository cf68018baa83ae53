import assert from 'node:assert/strict'
import { before, beforeEach, it } from 'node:test'
import type { Page } from 'playwright-core'
import type { Diagnosis } from '../../../src/doctor/diagnosis.ts'
import { doctorTexts } from '../../../src/language/catalogue.ts'
import { type Language, LANGUAGES } from '../../../src/language/language.ts'
import { describeInBrowser, openPage } from '../../support/browser.ts'
import {
  bigDiagnosis,
  check,
  healthyDiagnosis,
  incidentDiagnosis,
  refusedDiagnosis,
  servedDiagnosis,
} from '../../support/diagnosis.ts'
import { factsFor } from '../../support/texts.ts'
import { contrasts } from '../drift/html-contrast.ts'
import { choose, html } from './html-tab.ts'

describeInBrowser('the doctor’s page in a browser', (tab) => {
  let page: Page
  before(() => void (page = tab().page))
  beforeEach(async () => {
    await page.emulateMedia({ colorScheme: 'light', media: 'screen' })
    await page.setViewportSize({ width: 1200, height: 900 })
  })

  const show = (diagnosis: Diagnosis, language?: Language) => tab().show(html(diagnosis, language))

  for (const language of LANGUAGES) {
    it(`shows all of the incident, runs its own script and asks for nothing, ${language}`, async () => {
      const diagnosis = { ...incidentDiagnosis(), checks: checks() }
      await show(diagnosis, language)
      const { rules, ui, checks: titles } = doctorTexts(language)
      assert.deepEqual(
        await page.locator('details.finding .key > span:last-child').allTextContents(),
        diagnosis.findings.map(({ rule }) => rules[rule].title),
      )
      assert.deepEqual(await page.locator('.matrix:visible button').allTextContents(), [
        '503',
        '503',
        '503',
        '✓',
        '~',
        '400',
      ])
      await choose(page, 'cache-on')
      assert.deepEqual(await page.locator('.matrix:visible button').allTextContents(), [
        '!!',
        '!!',
        '!!',
        '✓',
        '~',
        '400',
      ])
      assert.equal(await page.locator('.checks > ul > li').count(), 2)
      assert.match(
        (await page.textContent('.checks')) ?? '',
        new RegExp(titles.key.title.slice(0, -1)),
      )
      assert.match((await page.textContent('.counts')) ?? '', new RegExp(ui.severities.critical))
      assert.equal(await page.isVisible('#search'), true)
      assert.deepEqual([tab().requests.length, tab().messages], [1, []])
    })
  }

  it('without JavaScript every route opens, both modes show, findings fold', async () => {
    await using scriptless = await openPage(page.context().browser()!, { javaScriptEnabled: false })
    await scriptless.show(html(incidentDiagnosis()))
    const buttons = scriptless.page.locator('.matrix button:visible')
    for (const mode of ['cache-off', 'cache-on']) {
      await scriptless.page.locator(`label:has([value=${mode}])`).click()
      assert.equal(await buttons.count(), 6)
      await buttons.nth(5).click()
      const open = scriptless.page.locator('.route:popover-open')
      assert.equal(await open.locator('h3').innerText(), 'vip×kling')
      await open.locator('.close').click()
      assert.equal(await open.count(), 0)
    }
    assert.equal(await scriptless.page.isVisible('#filters'), false)
    assert.equal(await scriptless.page.locator('.copyable button').count(), 0)
  })

  it('a narrowed run shows its route at once, modes that are alike together', async () => {
    await show(refusedDiagnosis())
    assert.equal(await page.locator('.matrix').count(), 0)
    assert.equal(await page.locator('.story').count(), 1)
    assert.equal(await page.locator('.story .broken .stage').innerText(), 'group')
    assert.match(await page.locator('.story').innerText(), /team-a #12/)
    const [one, other] = servedDiagnosis().routes
    const tiers = other!.tiers.slice(0, 1)
    await show({ ...servedDiagnosis(), routes: [one!, { ...other!, tiers }] })
    assert.equal(await page.locator('.story').count(), 2)
    await show({ ...refusedDiagnosis(), routes: [] })
    assert.equal(await page.locator('.story, .matrix').count(), 0)
  })

  it('10,000 cells scroll in their own box under sticky heads; this is how fast', async (test) => {
    const rendered = performance.now()
    const text = html(bigDiagnosis(25, 200))
    const opening = performance.now()
    await tab().show(text)
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
    const ready = performance.now()
    assert.equal(await page.locator('.matrix button').count(), 10_000)
    await page.setViewportSize({ width: 900, height: 500 })
    const places = await page.locator('.matrix-box:visible').evaluate((box) => {
      const place = () => {
        const { left, top } = box.getBoundingClientRect()
        const [corner, head] = box.querySelectorAll('thead th')
        const side = box.querySelector('tbody tr:nth-child(20) th')!
        const at = (one: Element) => one.getBoundingClientRect()
        const { x, y } = at(corner!)
        return [x - left, y - top, at(head!).y - top, at(side).x - left]
      }
      const before = place()
      box.scrollTo(3_000, 200)
      return [before, place(), [box.scrollLeft, box.scrollTop]]
    })
    assert.deepEqual(places[1], places[0])
    assert.deepEqual(places[2], [3_000, 200])
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 900)
    test.diagnostic(`render: ${Math.round(opening - rendered)} ms`)
    test.diagnostic(`open: ${Math.round(ready - opening)} ms`)
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`every text can be read, ${colorScheme}`, async () => {
      await page.emulateMedia({ colorScheme })
      const found = []
      for (const diagnosis of [incidentDiagnosis(), refusedDiagnosis(), healthyDiagnosis()]) {
        await show({ ...diagnosis, checks: checks() })
        found.push(...(await contrasts(page)))
      }
      assert.ok(found.length > 60, `${found.length} kinds of text`)
      assert.deepEqual(
        found.filter(({ ratio }) => ratio < 4.5),
        [],
      )
    })
  }

  it('light and dark differ', async () => {
    const colors = async (colorScheme: 'light' | 'dark') => {
      await page.emulateMedia({ colorScheme })
      await show(healthyDiagnosis())
      return await page.$$eval('body, .matrix button', ([body, button]) =>
        [body!, button!].map((one) => getComputedStyle(one).backgroundColor),
      )
    }
    const [light, dark] = [await colors('light'), await colors('dark')]
    assert.notEqual(light[0], dark[0])
    assert.notEqual(light[1], dark[1])
  })

  it('a phone never scrolls sideways, also with a panel open', async () => {
    await page.setViewportSize({ width: 360, height: 740 })
    const long = 'x'.repeat(1_000)
    for (const diagnosis of [bigDiagnosis(3, 30), incidentDiagnosis(), refusedDiagnosis()]) {
      const [first, ...rest] = diagnosis.findings
      const routes = diagnosis.routes.map((one) => ({ ...one, model: one.model + long }))
      const findings = [{ ...first!, pairs: [{ group: long, model: long }] }, ...rest]
      await show({ ...diagnosis, routes, findings, environment: long, checks: checks(long) })
      const button = page.locator('.matrix:visible button').first()
      if ((await button.count()) > 0) await button.click()
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360)
    }
  })

  it('prints what is folded, and no controls', async () => {
    await show(incidentDiagnosis())
    await page.click('#collapse')
    await page.emulateMedia({ media: 'print' })
    const body = page.locator('details.finding .body').first()
    assert.equal(await body.evaluate((one) => one.checkVisibility()), true)
    assert.equal(await page.isVisible('#search'), false)
    assert.equal(await page.locator('.matrix button:visible').count(), 6)
  })
})

function checks(subject = 'Bltcy旧网关') {
  return [
    check({ id: 'key', subject, facts: factsFor('key') }),
    check({ id: 'channels', result: 'failed', rules: ['A6', 'B1'], facts: factsFor('channels') }),
  ]
}
