import type { Element, Root } from 'hast'
import { toHtml } from 'hast-util-to-html'
import { h } from 'hastscript'
import type { Language } from '../../language/language.ts'
import { escapeText } from '../escape.ts'

export interface Page {
  readonly language: Language
  /** Of the window; data in it is escaped here. */
  readonly title: string
  /** Constant texts with their hashes, as the page's policy names them. */
  readonly style: string
  readonly styleHash: string
  readonly scriptHash: string
  readonly body: Element
}

/** One self-contained page: no request, no frame, and only the constant style and script act. */
export function renderPage({ language, body, ...head }: Page): string {
  const page = h('html', { lang: language }, [pageHead(head), body])
  const root: Root = { type: 'root', children: [{ type: 'doctype' }, page] }
  return `${toHtml(root)}\n`
}

function pageHead({
  title,
  style,
  styleHash,
  scriptHash,
}: Omit<Page, 'language' | 'body'>): Element {
  const policy = [
    "default-src 'none'",
    `style-src '${styleHash}'`,
    `script-src '${scriptHash}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return h('head', [
    h('meta', { httpEquiv: 'Content-Security-Policy', content: policy }),
    h('meta', { charSet: 'utf-8' }),
    h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    h('meta', { name: 'referrer', content: 'no-referrer' }),
    h('meta', { name: 'color-scheme', content: 'light dark' }),
    h('title', escapeText(title)),
    h('style', style),
  ])
}
