import { ABILITY_SOURCE_COLUMNS, abilityCells } from '../diff/abilities.ts'
import { type AbilityChannel, derivedCells, derivedNames } from '../gateway/abilities.ts'
import { canonicalCell } from '../gateway/cells.ts'
import { columnRule } from '../gateway/columns.ts'
import { decodeLine, encodeText } from './line.ts'

/** What the gateway derives abilities from, and which columns of them it has. */
export interface Derivation {
  /** Columns of a channel, in the order of its line. */
  readonly source: readonly string[]
  /** Columns of an ability, after group and model. */
  readonly derived: readonly string[]
}

/** Lines of the abilities of a channel, without its id, in the order of the gateway. */
export function derivedLines(derivation: Derivation, source: string): string[] {
  return writeLines(derivation, source, (text) => text)
}

/** The same as they stand in the one text of a gathered line. */
export function derivedParts(derivation: Derivation, source: string): string[] {
  return writeLines(derivation, source, encodeText)
}

/** What stands between them there. */
export const PART_SEPARATOR = encodeText('\n')

function writeLines(
  { source: columns, derived }: Derivation,
  source: string,
  escape: (text: string) => string,
): string[] {
  const channel = channelOf(columns, source)
  const cells = abilityCells(derivedCells(channel))
  const tab = escape('\t')
  const field = (text: string | null): string => escape(encodeText(text))
  const rest = derived.map((column) => tab + field(cells.get(column) ?? null)).join('')
  const lists = `${channel.models}${channel.group}`
  // Most names need no escape: one look at all of them tells.
  const name = field(lists) === lists ? (text: string): string => text : field
  return derivedNames(channel).map(({ group, model }) => name(group) + tab + name(model) + rest)
}

function channelOf(columns: readonly string[], source: string): AbilityChannel {
  const raw = decodeLine(source)
  const cells = ABILITY_SOURCE_COLUMNS.map((name) => {
    const value = raw[columns.indexOf(name)] ?? null
    return [name, value === null ? null : canonicalCell(columnRule('channels', name), value)]
  })
  return Object.fromEntries(cells) as AbilityChannel
}
