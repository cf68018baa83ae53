import type { Element } from 'hast'
import { h } from 'hastscript'
import type { Diagnosis } from '../../doctor/diagnosis.ts'
import type { DoctorTexts } from '../../language/catalogue.ts'
import type { Language } from '../../language/language.ts'
import { escapeText } from '../escape.ts'
import { renderPage } from '../html/page.ts'
import { checkList } from './html-checks.ts'
import { findingSection } from './html-findings.ts'
import { routeSection } from './html-routes.ts'
import { SCRIPT, SCRIPT_HASH } from './html-script.ts'
import { STYLE, STYLE_HASH } from './html-style.ts'
import { verdictBanner } from './html-verdict.ts'
import { whereFacts } from './html-where.ts'
import { type PageContext, wordsOf } from './html-words.ts'
import { verdictLine } from './phrases.ts'

/**
 * The diagnosis as one self-contained page: no request, no frame, links within the page only. Data
 * is text or an attribute's value by construction, and the only style and script that may act are
 * the constant ones. Without JavaScript everything is there but the filters and the arrow keys.
 */
export function renderDoctorHtml(
  diagnosis: Diagnosis,
  texts: DoctorTexts,
  language: Language,
): string {
  const { findings } = diagnosis
  const context: PageContext = { words: wordsOf(language), texts, findings }
  return renderPage({
    language,
    title: `${diagnosis.environment}: ${verdictLine(diagnosis, texts)}`,
    style: STYLE,
    styleHash: STYLE_HASH,
    scriptHash: SCRIPT_HASH,
    body: body(diagnosis, context),
  })
}

function body(diagnosis: Diagnosis, context: PageContext): Element {
  const { tool, routes, checks } = diagnosis
  const texts = context.texts.ui.route.tokens
  const { copy, copied, selected, shown } = context.words
  const scriptWords = { dataCopy: copy, dataCopied: copied, dataSelected: selected }
  return h(
    'body',
    { ...scriptWords, dataShown: shown, dataTokens: texts.many, dataToken: texts.one },
    [
      h('header', verdictBanner(diagnosis, context)),
      h('main', [
        whereFacts(diagnosis, context),
        routeSection(routes, context),
        checks.length === 0 ? null : checkList(checks, context),
        findingSection(context),
      ]),
      h('footer', h('p', `${tool.name} `, escapeText(tool.version))),
      h('script', SCRIPT),
    ],
  )
}
