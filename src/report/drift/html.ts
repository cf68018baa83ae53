import type { Element } from 'hast'
import { h } from 'hastscript'
import type { DriftReport } from '../../diff/drift-report.ts'
import { driftTexts } from '../../language/drift.ts'
import type { DriftTexts } from '../../language/drift-texts.ts'
import type { Language } from '../../language/language.ts'
import { escapeText } from '../escape.ts'
import { renderPage } from '../html/page.ts'
import { comparisonFacts } from './html-facts.ts'
import { helpDialog } from './html-filters.ts'
import { findingSections } from './html-findings.ts'
import { SCRIPT, SCRIPT_HASH } from './html-script.ts'
import { STYLE, STYLE_HASH } from './html-style.ts'
import { tableList } from './html-tables.ts'
import { verdictBanner } from './html-verdict.ts'
import { verdictLine } from './verdict.ts'

/**
 * The report as one self-contained page: no request, no link, no frame. Data is text or an
 * attribute's value by construction, and the only style and script that may act are the constant
 * ones. Without JavaScript everything is there but the filters.
 */
export function renderDriftHtml(report: DriftReport, language: Language = 'en'): string {
  const texts = driftTexts(language)
  return renderPage({
    language,
    title: `${verdictLine(report, texts.report)} (${report.from.name} → ${report.to.name})`,
    style: STYLE,
    styleHash: STYLE_HASH,
    scriptHash: SCRIPT_HASH,
    body: body(report, texts),
  })
}

function body(report: DriftReport, texts: DriftTexts): Element {
  const { tool } = report
  return h('body', scriptWords(texts), [
    h('header', verdictBanner(report, texts)),
    h('main', [
      comparisonFacts(report, texts.page),
      report.findings.length === 0 ? null : findingSections(report, texts),
      tableList(report, texts),
    ]),
    h('footer', h('p', `${tool.name} `, escapeText(tool.version))),
    helpDialog(texts),
    h('script', SCRIPT),
  ])
}

/** The script is the same in every language, so that its hash is. */
function scriptWords({ page }: DriftTexts): Record<string, string> {
  const words = Object.entries(page.script)
  return Object.fromEntries(words.map(([name, text]) => [`data-${name}`, text]))
}
