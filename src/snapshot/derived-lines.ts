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
  const { names, rest } = write(derivation, source, (text) => text)
  return names.map((name) => name + rest)
}

/** The same as the one text of a gathered line. */
export function derivedText(
  derivation: Derivation,
  source: string,
): { readonly text: string; readonly rows: number } {
  const { names, rest } = write(derivation, source, encodeText)
  return { text: names.join(rest + SEPARATOR) + rest, rows: names.length }
}

/** What stands between lines there. */
const SEPARATOR = encodeText('\n')

/** What all lines of a channel end with, and what each of them begins with: group and model. */
function write(
  { source: columns, derived }: Derivation,
  source: string,
  escape: (text: string) => string,
): { readonly names: readonly string[]; readonly rest: string } {
  const channel = channelOf(columns, source)
  const cells = abilityCells(derivedCells(channel))
  const tab = escape('\t')
  const field = (text: string | null): string => escape(encodeText(text))
  const rest = derived.map((column) => tab + field(cells.get(column) ?? null)).join('')
  return { names: namesOf(channel, tab, field), rest }
}

/** Many channels have the same lists. */
const known = new Map<string, readonly string[]>()
const MOST_KNOWN = 100

function namesOf(
  channel: AbilityChannel,
  tab: string,
  field: (text: string) => string,
): readonly string[] {
  const place = JSON.stringify([tab, channel.models, channel.group])
  const found = known.get(place)
  if (found !== undefined) return found
  const lists = `${channel.models}${channel.group}`
  // Most names need no escape: one look at all of them tells.
  const name = field(lists) === lists ? (text: string): string => text : field
  const names = derivedNames(channel).map(({ group, model }) => name(group) + tab + name(model))
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(place, names)
  return names
}

function channelOf(columns: readonly string[], source: string): AbilityChannel {
  const raw = decodeLine(source)
  const cells = ABILITY_SOURCE_COLUMNS.map((name) => {
    const value = raw[columns.indexOf(name)] ?? null
    return [name, value === null ? null : canonicalCell(columnRule('channels', name), value)]
  })
  return Object.fromEntries(cells) as AbilityChannel
}
