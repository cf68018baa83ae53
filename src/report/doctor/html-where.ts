import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import type { Diagnosis, GatewaySummary, Scope } from '../../doctor/diagnosis.ts'
import { code, data, time } from '../drift/html-elements.ts'
import { countedText, filled, type PageContext } from './html-words.ts'

type Content = ElementContent | string
type Contents = Content | readonly Content[]
type Entry = readonly [Contents, Contents]

/** Which database of which gateway was examined, and what its numbers mean. */
export function whereFacts(diagnosis: Diagnosis, context: PageContext): Element {
  const { words } = context
  const { gateway, database } = diagnosis
  return h('section.facts', { ariaLabel: words.where }, [
    h('article', [
      h('h2', h('span.role', words.database), DIALECTS[database.dialect]),
      definitions(databaseEntries(diagnosis, context)),
    ]),
    h('article', [
      h('h2', h('span.role', words.gateway), gatewayName(gateway, context)),
      gateway === null ? null : definitions(gatewayEntries(gateway, context)),
    ]),
  ])
}

const DIALECTS = { sqlite: 'SQLite', postgres: 'PostgreSQL' } as const

function databaseEntries(diagnosis: Diagnosis, context: PageContext): Entry[] {
  const { words, texts } = context
  const { tool } = diagnosis
  return [
    [words.place, code(diagnosis.database.label)],
    [words.readAt, time(diagnosis.takenAt)],
    [words.cacheModes, diagnosis.modes.map((mode) => texts.ui.modes[mode]).join(', ')],
    [words.scope, scopeContent(diagnosis.scope, context)],
    [words.madeBy, h('span', `${tool.name} `, data(tool.version))],
  ]
}

function scopeContent(scope: Scope, { words, texts }: PageContext): Content | Content[] {
  const { where } = texts.ui
  const { path, models, token, user, group } = scope
  const parts = [
    path === null ? [] : filled(where.path, { path }),
    models.length === 0 ? [] : filled(where.models, { models: models.join(', ') }),
    token === null ? [] : filled(where.token, { token }),
    user === null ? [] : filled(where.user, { user }),
    group === null ? [] : filled(where.group, { group }),
  ].filter((part) => part.length > 0)
  return parts.length === 0 ? words.everything : parts.map((part) => h('p', part))
}

function gatewayName(gateway: GatewaySummary | null, { words }: PageContext): Element {
  return gateway === null ? h('span.nothing', words.unknownGateway) : data(gateway.version)
}

function gatewayEntries({ evidence, types }: GatewaySummary, context: PageContext): Entry[] {
  const { words, texts } = context
  return [
    [words.evidence, code(evidence)],
    ...types.map(({ number, meaning, channels }): Entry => [
      filled(texts.ui.route.type, { type: number }),
      [
        meaning === null ? h('span.nothing', words.unknownType) : h('b', data(meaning)),
        h('small', ` ${countedText(texts.ui.where.channels, channels)}`),
      ],
    ]),
  ]
}

function definitions(entries: readonly Entry[]): Element {
  return h(
    'dl',
    entries.map(([term, value]) => h('div', [h('dt', [term].flat()), h('dd', [value].flat())])),
  )
}
