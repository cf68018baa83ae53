import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import type { BaseFacts, DriftReport, SecretFacts, SideFacts } from '../../diff/drift-report.ts'
import type { DriftPageTexts } from '../../language/drift-texts.ts'
import { code, data, time } from './html-elements.ts'

/** What was compared with what, and how. */
export function comparisonFacts(report: DriftReport, { facts }: DriftPageTexts): Element {
  const way = report.base.kind === 'none' ? facts.twoWay : facts.threeWay
  return h('section.facts', { ariaLabel: facts.label }, [
    sideCard(facts.from, report.from, facts),
    sideCard(facts.to, report.to, facts),
    h('article', [h('h2', h('span.role', facts.comparison), way), comparison(report, facts)]),
  ])
}

type FactTexts = DriftPageTexts['facts']

const DIALECTS = { sqlite: 'SQLite', postgres: 'PostgreSQL' } as const

function sideCard(role: string, side: SideFacts, texts: FactTexts): Element {
  const dialect = side.dialect === null ? '' : `${DIALECTS[side.dialect]} `
  return h('article', [
    h('h2', h('span.role', role), data(side.name)),
    definitions([
      [texts.source, `${dialect}${texts.sources[side.kind]}`],
      [texts.place, code(side.label)],
      [
        texts.gateway,
        side.gateway === null ? h('span.nothing', texts.notRecognised) : data(side.gateway),
      ],
      [texts.read, time(side.takenAt)],
    ]),
  ])
}

function comparison({ base, secrets, tool, createdAt }: DriftReport, texts: FactTexts): Element {
  return definitions([
    [texts.base, baseText(base, texts)],
    [texts.secrets, secretText(secrets, texts)],
    [texts.madeBy, h('span', `${tool.name} `, data(tool.version))],
    [texts.madeAt, time(createdAt)],
  ])
}

function baseText({ kind, label }: BaseFacts, { noBase }: FactTexts): ElementContent | string {
  if (kind === 'none') return noBase
  return label === null ? kind : data(label)
}

function secretText(
  { compared, keyId }: SecretFacts,
  { asState, byFingerprint, byKey }: FactTexts,
): ElementContent | string {
  if (compared === 'state') return asState
  if (keyId === null) return byFingerprint
  return h('span', byKey, code(keyId))
}

function definitions(entries: readonly (readonly [string, ElementContent | string])[]): Element {
  return h(
    'dl',
    entries.map(([term, value]) => h('div', h('dt', term), h('dd', value))),
  )
}
