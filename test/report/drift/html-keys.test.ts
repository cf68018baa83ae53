import assert from 'node:assert/strict'
import { before, beforeEach, it } from 'node:test'
import type { Page } from 'playwright-core'
import { renderDriftHtml } from '../../../src/report/drift/html.ts'
import { describeInBrowser } from '../../support/browser.ts'
import { variedReport } from './html-reports.ts'

const FINDINGS = 30

describeInBrowser('the keys of the HTML report', (tab) => {
  let page: Page
  before(() => void (page = tab().page))
  beforeEach(() => tab().show(renderDriftHtml(variedReport(FINDINGS))))

  const current = () =>
    page.evaluate(() => {
      const shown = [...document.querySelectorAll('details.finding:not([hidden])')]
      return shown.indexOf(document.activeElement?.closest('details.finding') ?? document.body)
    })
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key)
  }

  it('j and k move between the findings that are shown, and stop at the ends', async () => {
    await press('j', 'j', 'j')
    assert.equal(await current(), 2)
    await press('k')
    assert.equal(await current(), 1)
    await press('k', 'k')
    assert.equal(await current(), 0)
    await press(...Array.from({ length: FINDINGS + 3 }, () => 'j'))
    assert.equal(await current(), FINDINGS - 1)
  })

  it('skips what is filtered out', async () => {
    await page.fill('#search', '旧网关')
    await press('ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp')
    const key = await page.evaluate(
      () => document.activeElement?.querySelector('.key')?.textContent,
    )
    assert.equal(await current(), 1)
    assert.match(key ?? '', /旧网关$/)
  })

  for (const key of ['Enter', 'Space']) {
    it(`${key} unfolds and folds, with a visible focus`, async () => {
      await press('j', key)
      const first = page.locator('details.finding').first()
      assert.equal(await first.locator('.body').isVisible(), true)
      const outline = await first
        .locator('summary')
        .evaluate((summary) => getComputedStyle(summary).outlineStyle)
      assert.equal(outline, 'solid')
      await press(key)
      assert.equal(await first.getAttribute('open'), null)
    })
  }

  it('/ searches, and Esc clears the search and the filters', async () => {
    await press('/')
    await page.keyboard.type('jk/?')
    assert.equal(await page.inputValue('#search'), 'jk/?')
    await page.locator('label:has([data-value=error])').click()
    await press('Escape')
    assert.equal(await page.inputValue('#search'), '')
    assert.equal(await page.locator('details.finding:visible').count(), FINDINGS)
    assert.equal(await page.locator('input:checked').count(), 0)
  })

  it('? opens the help and Esc closes it', async () => {
    await press('?')
    assert.equal(await page.isVisible('#help'), true)
    await press('Escape')
    assert.equal(await page.isVisible('#help'), false)
    await page.click('#help-open')
    await page.click('#help-close')
    assert.equal(await page.isVisible('#help'), false)
  })

  it('a browser’s own shortcuts stay its own', async () => {
    await press('Control+j', 'Alt+k')
    assert.equal(await current(), -1)
  })

  it('Copy copies the command as it stands', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await press('j', 'Enter')
    const first = page.locator('details.finding').first()
    await first.getByRole('button', { name: 'Copy' }).first().click()
    await first.getByRole('button', { name: 'Copied' }).waitFor()
    assert.equal(
      await page.evaluate(() => navigator.clipboard.readText()),
      variedReport(1).findings[0]!.resolutions[0]!.command,
    )
  })

  it('all can be unfolded and folded at once', async () => {
    await page.fill('#search', '旧网关')
    await page.click('#expand')
    assert.equal(await page.locator('details.finding[open]').count(), FINDINGS / 2)
    await page.click('#collapse')
    assert.equal(await page.locator('details.finding[open]').count(), 0)
  })
})
