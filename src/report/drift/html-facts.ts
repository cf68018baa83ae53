import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import type { BaseFacts, DriftReport, SecretFacts, SideFacts } from '../../diff/drift-report.ts'
import { code, data, time } from './html-elements.ts'

/** What was compared with what, and how. */
export function comparisonFacts(report: DriftReport): Element {
  return h('section.facts', { ariaLabel: 'What was compared' }, [
    sideCard('From', report.from),
    sideCard('To', report.to),
    h('article', [
      h('h2', h('span.role', 'Comparison'), report.base.kind === 'none' ? 'two-way' : 'three-way'),
      comparison(report),
    ]),
  ])
}

const KINDS: Readonly<Record<SideFacts['kind'], string>> = {
  database: 'database',
  snapshot: 'snapshot file',
  seeds: 'seed files',
}

const DIALECTS = { sqlite: 'SQLite', postgres: 'PostgreSQL' } as const

function sideCard(role: string, side: SideFacts): Element {
  const dialect = side.dialect === null ? '' : `${DIALECTS[side.dialect]} `
  return h('article', [
    h('h2', h('span.role', role), data(side.name)),
    definitions([
      ['Source', `${dialect}${KINDS[side.kind]}`],
      ['Place', code(side.label)],
      ['Gateway', side.gateway === null ? h('span.nothing', 'not recognised') : data(side.gateway)],
      ['Read', time(side.takenAt)],
    ]),
  ])
}

function comparison({ base, secrets, tool, createdAt }: DriftReport): Element {
  return definitions([
    ['Base', baseText(base)],
    ['Secrets', secretText(secrets)],
    ['Made by', h('span', `${tool.name} `, data(tool.version))],
    ['Made at', time(createdAt)],
  ])
}

function baseText({ kind, label }: BaseFacts): ElementContent | string {
  if (kind === 'none') return 'none, so nothing says who changed'
  return label === null ? kind : data(label)
}

function secretText({ compared, keyId }: SecretFacts): ElementContent | string {
  if (compared === 'state') return 'only as set or empty: there is no fingerprint key'
  if (keyId === null) return 'by keyed fingerprint'
  return h('span', 'by fingerprint, key ', code(keyId))
}

function definitions(entries: readonly (readonly [string, ElementContent | string])[]): Element {
  return h(
    'dl',
    entries.map(([term, value]) => h('div', h('dt', term), h('dd', value))),
  )
}
