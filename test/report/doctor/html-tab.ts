import type { Locator, Page } from 'playwright-core'
import type { Diagnosis } from '../../../src/doctor/diagnosis.ts'
import { doctorTexts } from '../../../src/language/catalogue.ts'
import type { Language } from '../../../src/language/language.ts'
import { renderDoctorHtml } from '../../../src/report/doctor/html.ts'

export function html(diagnosis: Diagnosis, language: Language = 'en'): string {
  return renderDoctorHtml(diagnosis, doctorTexts(language), language)
}

/** A cell of the map that is shown, from 1. */
export function cell(page: Page, group: number, model: number): Locator {
  const row = `table.matrix:visible tbody tr:nth-child(${group})`
  return page.locator(`${row} td:nth-child(${model + 1}) button`)
}

/** The route that is open. */
export function panel(page: Page): Locator {
  return page.locator('.route:popover-open')
}

/** Switches the map to a cache mode. */
export function choose(page: Page, mode: string): Promise<void> {
  return page.locator(`label:has([value=${mode}])`).click()
}
