import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Page } from 'playwright-core'
import {
  CHECK_IDS,
  type Diagnosis,
  type Finding,
  type Route,
} from '../../../src/doctor/diagnosis.ts'
import { RULE_IDS, type RuleId } from '../../../src/doctor/rule-table.ts'
import { doctorTexts } from '../../../src/language/catalogue.ts'
import { LANGUAGES } from '../../../src/language/language.ts'
import { renderDoctorHtml } from '../../../src/report/doctor/html.ts'
import { escapeText } from '../../../src/report/escape.ts'
import { describeInBrowser } from '../../support/browser.ts'
import { check, diagnosis, finding, incidentDiagnosis, route } from '../../support/diagnosis.ts'
import { hostileValues } from '../../support/hostile.ts'
import { factsFor } from '../../support/texts.ts'

const GROUPS = 6
const MODELS = 8

/** A diagnosis in which every text that is not ours is hostile. */
function hostileDiagnosis(take: () => string): Diagnosis {
  const distinct = (count: number): string[] => {
    const names = new Set<string>()
    while (names.size < count) names.add(take())
    return [...names]
  }
  const models = distinct(MODELS)
  const pairs = distinct(GROUPS).flatMap((group) => models.map((model) => ({ group, model })))
  const { gateway } = diagnosis()
  return diagnosis({
    environment: take(),
    database: { dialect: 'sqlite', label: take() },
    gateway: {
      ...gateway!,
      version: take(),
      evidence: take(),
      types: [
        { number: take(), meaning: take(), channels: 1 },
        { number: take(), meaning: null, channels: 0 },
      ],
    },
    tool: { name: 'tidegate', version: take() },
    takenAt: take(),
    scope: { path: take(), models: [take(), take()], token: take(), user: take(), group: take() },
    checks: CHECK_IDS.map((id) => check({ id, subject: take(), facts: factsFor(id, take) })),
    findings: RULE_IDS.map((rule) => hostileFinding(rule, take)),
    routes: pairs.map((pair, index) => ({ ...pair, ...hostileRoute(index, take) })),
  })
}

function hostileFinding(rule: RuleId, take: () => string): Finding {
  return finding({
    rule,
    facts: factsFor(rule, take),
    evidence: [
      { table: take(), row: take(), label: take(), cells: [{ column: take(), value: take() }] },
    ],
    pairs: [{ group: take(), model: take() }],
    repair: { kind: 'sql', statements: [take(), take()] },
  })
}

/** Each has a panel of its own, since each has channels of its own. */
function hostileRoute(index: number, take: () => string): Omit<Route, 'group' | 'model'> {
  const {
    group: _,
    model: __,
    ...rest
  } = route({
    token: { id: take(), name: take() },
    user: take(),
    outcome: 'weakened',
    rule: RULE_IDS[index % RULE_IDS.length]!,
    stage: 'channel',
    tiers: [
      {
        priority: take(),
        channels: [{ id: take(), name: take(), type: take(), chance: 0.5, fault: 'A3' }],
      },
    ],
  })
  return rest
}

/** All that the page is made of: elements, each with the attributes that it may have. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries({
    html: 'lang',
    'head title style script header main footer article b bdi code h4 thead tbody dl dt dd caption time legend tr':
      'class datetime',
    meta: 'http-equiv content charset name',
    body: 'data-copy data-copied data-selected data-shown data-token data-tokens',
    section: 'class aria-label aria-labelledby',
    div: 'class id role aria-label hidden popover tabindex',
    'p small h1 h2 h3 ol ul li': 'class id hidden aria-label',
    span: 'class role aria-label title hidden',
    pre: 'class tabindex',
    a: 'class title href',
    table: 'class aria-label role',
    'th td': 'class scope title',
    fieldset: 'class',
    label: 'class',
    input:
      'id type name value checked placeholder aria-label aria-keyshortcuts autocomplete spellcheck data-severity',
    output: 'class id aria-live aria-hidden',
    button:
      'id type class hidden popovertarget popovertargetaction aria-label data-tokens tabindex',
    meter: 'max value aria-hidden',
    details: 'class data-severity open hidden',
    summary: '',
  }).flatMap(([names, attributes]) =>
    names.split(' ').map((name) => [name, attributes.split(' ')] as const),
  ),
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
      const link = element.getAttribute('href')
      if (link !== null && !/^#finding-[A-Z]\d+$/.test(link)) found.add(link)
    }
    return [...found]
  }, ALLOWED)
}

/** Selectors, and the texts of all elements that they find. */
function expectedTexts({ routes, findings, checks, scope }: Diagnosis): Record<string, string[]> {
  const channels = routes.map(({ tiers }) => tiers[0]!.channels[0]!)
  const evidence = findings.flatMap((one) => one.evidence)
  const value = (text: string | null): string => text || '(empty)'
  const texts = {
    '.matrix tbody th': routes
      .filter((_, index) => index % MODELS === 0)
      .map(({ group }) => group!),
    '.matrix thead th bdi': routes.slice(0, MODELS).map(({ model }) => model),
    'h3 .for-group': routes.map(({ group }) => group!),
    '.steps .for-model': routes.map(({ model }) => model),
    '.steps > :nth-child(2) .at': routes.map(({ user }) => user!),
    '.steps > :first-child .at > bdi, .steps > :first-child .nothing': routes.map(
      ({ token }) => token!.name || 'without a name',
    ),
    '.tiers ul span > bdi': channels.map(({ name }) => name!),
    '.checks small bdi': checks.map(({ subject }) => subject!),
    '.evidence td > :is(.value, .nothing)': evidence.map(({ cells }) => value(cells[0]!.value)),
    '.evidence thead code': evidence.map(({ cells }) => cells[0]!.column),
    '.evidence caption code': evidence.map(({ table }) => table),
    '.affected li > bdi:first-child': findings.map(({ pairs }) => pairs[0]!.group),
    '.repair pre': findings.flatMap(({ repair }) =>
      repair.kind === 'sql' ? repair.statements.map((one) => `${one};`) : [],
    ),
    '.facts dd p:first-child bdi': [scope.path!],
  }
  return Object.fromEntries(
    Object.entries(texts).map(([selector, found]) => [selector, found.map(escapeText)]),
  )
}

describeInBrowser('the doctor’s page of hostile data in a browser', (tab) => {
  for (const language of LANGUAGES) {
    it(`only elements of ours, every text as it was, nothing runs, ${language}`, async () => {
      let next = 0
      const values = hostileValues(3_000, 7)
      const hostile = hostileDiagnosis(() => values[next++ % values.length]!)
      assert.ok(next > 800, `${next} values`)
      await tab().show(renderDoctorHtml(hostile, doctorTexts(language), language))
      const { page, requests, messages } = tab()
      assert.deepEqual(await strangers(page), [])
      if (language === 'en') await assertAllThere(page, hostile)
      await page.click('#expand')
      for (const [row, column] of [
        [1, 1],
        [4, 5],
        [GROUPS, MODELS],
      ] as const) {
        await page
          .locator(`.matrix tbody tr:nth-child(${row}) td:nth-child(${column + 1}) button`)
          .click()
        const { group, model } = hostile.routes[(row - 1) * MODELS + column - 1]!
        const head = page.locator('.route:popover-open h3')
        assert.equal(await head.textContent(), escapeText(`${group}×${model}`))
        await page.keyboard.press('Escape')
      }
      await page.fill('#search', values[30]!)
      assert.deepEqual(await strangers(page), [])
      assert.deepEqual([requests.length, messages], [1, []])
    })
  }

  it('markup that got in would not run either', async () => {
    const html = renderDoctorHtml(incidentDiagnosis(), doctorTexts('en'), 'en').replace(
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

async function assertAllThere(page: Page, hostile: Diagnosis): Promise<void> {
  const expected = expectedTexts(hostile)
  const found = await page.evaluate(
    (selectors) =>
      selectors.map((selector) =>
        [...document.querySelectorAll(selector)].map(({ textContent }) => textContent ?? ''),
      ),
    Object.keys(expected),
  )
  Object.entries(expected).forEach(([selector, texts], index) =>
    assert.deepEqual(found[index]!.toSorted(), texts.toSorted(), selector),
  )
}
