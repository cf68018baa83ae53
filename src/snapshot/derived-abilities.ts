import { LIST_SEPARATOR } from '../database/contract.ts'
import { ABILITY_SOURCE_COLUMNS, abilityCells } from '../diff/abilities.ts'
import {
  type Ability,
  type AbilityChannel,
  derivedCells,
  derivedNames,
} from '../gateway/abilities.ts'
import { canonicalCell } from '../gateway/cells.ts'
import { columnRule } from '../gateway/columns.ts'
import { decodeLine, encodeText } from './line.ts'
import type { Cell } from './model.ts'

/** What the gateway derives abilities from, and which columns of them it has. */
export interface Derivation {
  /** Columns of a channel, in the order of its line. */
  readonly source: readonly string[]
  /** Columns of an ability, after group and model. */
  readonly derived: readonly string[]
}

type Names = Pick<Ability, 'group' | 'model'>

/** Groups and models of the abilities of some channels. */
export interface DerivedNames {
  /** In the order in which the gateway writes them. */
  readonly pairs: readonly Names[]
  /** The same as the lists of `GatheredRows`; null where a name holds what separates them. */
  readonly lists: { readonly groups: string; readonly models: string } | null
}

export interface DerivedAbilities {
  readonly names: DerivedNames
  /** Of each derived column what all abilities of the channel have. */
  readonly cells: ReadonlyMap<string, Cell>
}

/** The abilities of a channel, from its line. */
export function deriveFrom({ source, derived }: Derivation, line: string): DerivedAbilities {
  const channel = channelOf(source, line)
  const cells = abilityCells(derivedCells(channel))
  return {
    names: namesOf(channel),
    cells: new Map(derived.map((column) => [column, cells.get(column) ?? null])),
  }
}

/** Their lines without the id. */
export function linesOf({ names, cells }: DerivedAbilities): string[] {
  const fields = fieldsOf(cells)
  return names.pairs.map(({ group, model }) => {
    return [encodeText(group), encodeText(model), ...fields].join('\t')
  })
}

export function fieldsOf(cells: ReadonlyMap<string, Cell>): string[] {
  return [...cells.values()].map(encodeText)
}

/** Many channels have the same lists. */
const known = new Map<string, DerivedNames>()
const MOST_KNOWN = 100

function namesOf(channel: AbilityChannel): DerivedNames {
  const { models, group } = channel
  const place = `${models?.length},${group?.length}:${models}${group}`
  const found = known.get(place)
  if (found !== undefined) return found
  const pairs = derivedNames(channel)
  const names = { pairs, lists: listsOf(pairs) }
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(place, names)
  return names
}

function listsOf(pairs: readonly Names[]): DerivedNames['lists'] {
  const isPlain = ({ group, model }: Names) => !`${group}${model}`.includes(LIST_SEPARATOR)
  if (!pairs.every(isPlain)) return null
  return {
    groups: pairs.map(({ group }) => group).join(LIST_SEPARATOR),
    models: pairs.map(({ model }) => model).join(LIST_SEPARATOR),
  }
}

const SOURCE_RULES = ABILITY_SOURCE_COLUMNS.map((name) => columnRule('channels', name))

function channelOf(columns: readonly string[], line: string): AbilityChannel {
  const raw = decodeLine(line)
  const cells = SOURCE_RULES.map((rule) => {
    return [rule.name, canonicalCell(rule, raw[columns.indexOf(rule.name)] ?? null)]
  })
  return Object.fromEntries(cells) as AbilityChannel
}
