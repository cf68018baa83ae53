import type { Html, List, ListItem, Paragraph, PhrasingContent, Table, TableCell } from 'mdast'
import { inert } from './inert.ts'
import type { Phrase, Shown } from '../phrase.ts'

/** Nodes of a Markdown tree. Data is always inline code, which nothing in it can end. */

export function code({ shown }: Shown): PhrasingContent {
  return { type: 'inlineCode', value: inert(shown) }
}

export function phrasing(phrase: Phrase): PhrasingContent[] {
  return phrase
    .filter((part) => part !== '')
    .map((part) => (typeof part === 'string' ? text(part) : code(part)))
}

export function text(value: string): PhrasingContent {
  return { type: 'text', value }
}

export function paragraph(...children: PhrasingContent[]): Paragraph {
  return { type: 'paragraph', children }
}

export function strong(...children: PhrasingContent[]): PhrasingContent {
  return { type: 'strong', children }
}

export function bullets(items: readonly ListItem[]): List {
  return { type: 'list', ordered: false, spread: false, children: [...items] }
}

export function item(...children: ListItem['children']): ListItem {
  return { type: 'listItem', spread: false, children }
}

/** HTML of ours: never with data in it. */
export function html(value: string): Html {
  return { type: 'html', value }
}

export function table(rows: readonly (readonly PhrasingContent[][])[]): Table {
  return {
    type: 'table',
    align: rows[0]!.map(() => null),
    children: rows.map((cells) => ({ type: 'tableRow', children: cells.map(cell) })),
  }
}

function cell(children: PhrasingContent[]): TableCell {
  return { type: 'tableCell', children }
}
