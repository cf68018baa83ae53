/// <reference lib="dom" />
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

/** Where a Chromium is when CHROMIUM_PATH does not say. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

const executable = process.env['CHROMIUM_PATH'] ?? PLACES.find((path) => existsSync(path))

/**
 * A suite with a Chromium and a page of its own, which `define` gets as a function, since they are
 * there only while tests run. Without a Chromium it is one skipped test that says what to do.
 */
export function describeInBrowser(name: string, define: (tab: () => OpenPage) => void): void {
  if (executable === undefined) {
    const skip = `no Chromium in ${PLACES.join(', ')}: apt-get install chromium, or set CHROMIUM_PATH`
    it(name, { skip }, () => {})
    return
  }
  describe(name, () => {
    let browser: Browser
    let opened: OpenPage
    before(async () => {
      browser = await startBrowser(executable)
      opened = await openPage(browser)
    })
    after(async () => {
      await opened[Symbol.asyncDispose]()
      await browser.close()
    })
    define(() => opened)
  })
}

/** Headless, with a new and empty profile, and silent but for the pages it is given. */
function startBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** A page of its own context, and what it did on its own since it was last shown something. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page
  /** URLs of all that it asked for, itself first. */
  readonly requests: string[]
  /** What the console, uncaught errors and dialogs said. */
  readonly messages: string[]
  /** Loads HTML from a temporary file, which goes when the page is disposed of. */
  show(html: string): Promise<void>
}

export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const folder = await mkdtemp(join(tmpdir(), 'tidegate-page-'))
  const file = join(folder, 'report.html')
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const requests: string[] = []
  const messages: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  page.on('console', (message) => messages.push(message.text()))
  page.on('pageerror', (error) => messages.push(error.message))
  page.on('dialog', (dialog) => {
    messages.push(dialog.message())
    return dialog.dismiss()
  })
  const show = async (html: string): Promise<void> => {
    await writeFile(file, html)
    requests.length = 0
    messages.length = 0
    await page.goto(pathToFileURL(file).href)
  }
  const close = async (): Promise<void> => {
    await context.close()
    await rm(folder, { recursive: true, force: true })
  }
  return { page, requests, messages, show, [Symbol.asyncDispose]: close }
}
