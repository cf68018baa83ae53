import { sql } from 'kysely'
import type { JsonOption, OptionFacts } from '../gateway/facts.ts'
import { OPTION_MAPS } from '../gateway/options.ts'
import type { Part } from './read-parts.ts'

const SPECIAL_GROUPS = 'group_ratio_setting.group_special_usable_group'

const JSON_OPTIONS = [...OPTION_MAPS, 'AutoGroups', SPECIAL_GROUPS]

/** The options that routing and prices depend on; none of them holds a secret. */
export function optionsPart(): Part<OptionFacts> {
  const keys = [...JSON_OPTIONS, 'SelfUseModeEnabled']
  const where = () => sql<boolean>`options.key in (${sql.join(keys)})`
  return {
    reads: [{ table: 'options', columns: ['key', 'value'], where, verbatim: true }],
    finish: ([rows = []]) =>
      optionFacts(
        new Map(rows.map(({ cells }) => [cells.get('key') ?? '', cells.get('value') ?? ''])),
      ),
  }
}

function optionFacts(texts: ReadonlyMap<string, string>): OptionFacts {
  const map = (key: string) => mapOption(texts.get(key), names)
  return {
    groupRatio: map('GroupRatio'),
    userUsableGroups: map('UserUsableGroups'),
    specialGroups: mapOption(texts.get(SPECIAL_GROUPS), specialGroups),
    autoGroups: listOption(texts.get('AutoGroups')),
    modelPrice: map('ModelPrice'),
    modelRatio: map('ModelRatio'),
    // Compared with this one word, as the gateway does with every switch.
    selfUse: texts.get('SelfUseModeEnabled') === 'true',
    invalidJson: JSON_OPTIONS.filter((key) => isInvalid(key, texts.get(key))),
  }
}

type Json = Readonly<Record<string, unknown>>

function names(map: Json): ReadonlySet<string> {
  return new Set(Object.keys(map))
}

/** `+:name` and a bare name add a group for the users of one, `-:name` takes it away. */
function specialGroups(map: Json): ReadonlyMap<string, ReadonlyMap<string, boolean>> {
  return new Map(
    Object.entries(map).map(([group, changes]) => {
      const marked = Object.keys(changes ?? {})
      return [group, new Map(marked.map((name) => [name.replace(/^[+-]:/, ''), name[0] !== '-']))]
    }),
  )
}

function mapOption<T>(text: string | undefined, read: (map: Json) => T): JsonOption<T> {
  if (text === undefined) return { kind: 'absent' }
  const value = parse(text)
  return isObject(value) ? { kind: 'value', value: read(value) } : { kind: 'invalid' }
}

function listOption(text: string | undefined): JsonOption<readonly string[]> {
  if (text === undefined) return { kind: 'absent' }
  const value = parse(text)
  return isList(value) ? { kind: 'value', value } : { kind: 'invalid' }
}

function isInvalid(key: string, text: string | undefined): boolean {
  if (text === undefined) return false
  const value = parse(text)
  return key === 'AutoGroups' ? !isList(value) : !isObject(value)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((element) => typeof element === 'string')
}
