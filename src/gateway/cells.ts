import { DEFAULT_CHANNEL_INFO } from './channel-info.ts'
import type { ColumnRule } from './column-rule.ts'
import { canonicalJson } from './json.ts'
import { canonicalInteger, canonicalNumber } from './numbers.ts'
import { isReadable, type RawCell, wrongStorage } from './storage.ts'
import { canonicalTime } from './times.ts'

export { type CellDifference, compareCells } from './cell-difference.ts'
export { isWrongStorage, type RawCell, wrongStorage } from './storage.ts'

const BOOLEANS: ReadonlyMap<string, string> = new Map([
  ['1', 'true'],
  ['t', 'true'],
  ['true', 'true'],
  ['0', 'false'],
  ['f', 'false'],
  ['false', 'false'],
])

const CANONICAL_CHANNEL_INFO = canonicalJson(DEFAULT_CHANNEL_INFO)

/** char(n) in some version, so PostgreSQL pads them with blanks. */
const BLANK_PADDED: ReadonlySet<string> = new Set(['tokens.key', 'users.access_token'])

/**
 * The one text of a value on both dialects; null is NULL, and the channel_info that means nothing.
 * A value that the gateway cannot read becomes a `wrongStorage` cell; text that is not what the
 * column should hold (invalid JSON) stays as it is.
 */
export function canonicalCell(rule: ColumnRule, raw: RawCell | null): string | null {
  if (raw === null) return null
  if (!isReadable(rule.compare, raw)) return wrongStorage(raw.storage, raw.text)
  return canonicalText(rule, raw.text)
}

function canonicalText(rule: ColumnRule, text: string): string | null {
  switch (rule.compare) {
    case 'boolean':
      return BOOLEANS.get(text) ?? text
    case 'integer':
      return canonicalInteger(text)
    case 'number':
      return canonicalNumber(text)
    case 'json':
    case 'json-map':
      return canonicalJson(text) ?? text
    case 'channel-info':
      return canonicalChannelInfo(text)
    case 'time':
      return canonicalTime(text)
    case 'text':
      return BLANK_PADDED.has(`${rule.table}.${rule.name}`) ? text.replace(/ +$/, '') : text
    case 'csv-set':
    case 'url':
    case 'bytes':
      return text
  }
}

function canonicalChannelInfo(text: string): string | null {
  const canonical = canonicalJson(text) ?? text
  return canonical === CANONICAL_CHANNEL_INFO ? null : canonical
}
