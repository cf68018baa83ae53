import { jsonMembers, writeMembers } from './json-members.ts'

/**
 * Options that hold a JSON map: a stored row replaces the gateway's whole built-in map (new-api
 * model_ratio.go:386-391).
 */
export const OPTION_MAPS = [
  'ModelPrice',
  'ModelRatio',
  'CompletionRatio',
  'CacheRatio',
  'CreateCacheRatio',
  'ImageRatio',
  'AudioRatio',
  'AudioCompletionRatio',
  'GroupRatio',
  'UserUsableGroups',
  'GroupGroupRatio',
  'TopupGroupRatio',
] as const

const MAP_NAMES: ReadonlySet<string> = new Set(OPTION_MAPS)

/** Whether an option holds a JSON map, whose members mean something one by one. */
export function isOptionMap(key: string): boolean {
  return MAP_NAMES.has(key)
}

export type OptionMapEntries = Readonly<Record<string, number | string>>

/** `invalid`: the stored text is no JSON object, or an entry is no JSON value. */
export type OptionMapMerge =
  | { readonly kind: 'merged'; readonly text: string }
  | { readonly kind: 'unchanged'; readonly text: string }
  | { readonly kind: 'invalid' }

/**
 * A stored map with entries set. The other members keep their order and every digit; new ones
 * follow at the end. `unchanged` gives back the stored text byte for byte.
 */
export function mergeOptionMap(stored: string, entries: OptionMapEntries): OptionMapMerge {
  const members = jsonMembers(stored)
  const wanted = Object.entries(entries)
  if (members === null || !wanted.every(([, value]) => isJsonValue(value))) {
    return { kind: 'invalid' }
  }
  const changed = wanted.filter(([name, value]) => !isStored(members.get(name), value))
  if (changed.length === 0) return { kind: 'unchanged', text: stored }
  const merged = new Map(members)
  for (const [name, value] of changed) merged.set(name, JSON.stringify(value))
  return { kind: 'merged', text: writeMembers(merged) }
}

function isJsonValue(value: number | string): boolean {
  return typeof value === 'string' || Number.isFinite(value)
}

function isStored(json: string | undefined, value: number | string): boolean {
  return json !== undefined && JSON.parse(json) === value
}
