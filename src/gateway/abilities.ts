import { compareBytes } from './byte-order.ts'
import { splitList } from './lists.ts'

export { compareBytes }

/** What the gateway derives from a channel for one group and one model; numbers as decimal text. */
export interface Ability {
  readonly group: string
  readonly model: string
  readonly enabled: boolean
  readonly priority: string | null
  readonly weight: string | null
  readonly tag: string | null
}

/** Canonical cells of a channel that its abilities are derived from. */
export interface AbilityChannel {
  readonly models: string | null
  readonly group: string | null
  readonly status: string | null
  readonly priority: string | null
  readonly weight: string | null
  readonly tag: string | null
}

/**
 * The abilities that the gateway itself writes for a channel (new-api model/ability.go:146-169),
 * by group and model in UTF-8 byte order. Empty lists give one ability with an empty name, as
 * there; columns that an older version lacks are derived all the same.
 */
export function deriveAbilities(channel: AbilityChannel): Ability[] {
  const shared = derivedCells(channel)
  return derivedNames(channel)
    .map((names) => ({ ...names, ...shared }))
    .toSorted(byGroupAndModel)
}

/** Groups and models of the abilities, each pair once, in no order. */
export function derivedNames(channel: AbilityChannel): Pick<Ability, 'group' | 'model'>[] {
  const models = [...new Set(splitList(channel.models))]
  const groups = [...new Set(splitList(channel.group))]
  const names = models.flatMap((model) => groups.map((group) => ({ group, model })))
  if (!`${channel.models}${channel.group}`.includes('|')) return names
  // The gateway's own key: names that contain '|' can hide each other there too.
  const byKey = new Map<string, Pick<Ability, 'group' | 'model'>>()
  for (const name of names) {
    const key = `${name.group}|${name.model}`
    if (!byKey.has(key)) byKey.set(key, name)
  }
  return [...byKey.values()]
}

/** What all abilities of a channel share. */
export function derivedCells(channel: AbilityChannel): Omit<Ability, 'group' | 'model'> {
  return {
    enabled: channel.status === '1',
    // GORM replaces a nil pointer by the column's default, so NULL in channels becomes 0 here.
    priority: channel.priority ?? '0',
    weight: channel.weight ?? '0',
    tag: channel.tag,
  }
}

function byGroupAndModel(a: Ability, b: Ability): number {
  return compareBytes(a.group, b.group) || compareBytes(a.model, b.model)
}
