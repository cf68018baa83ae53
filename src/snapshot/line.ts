import type { RawCell } from '../gateway/cells.ts'

/**
 * Rows as lines of text, so that equal rows of two sources are found by comparing strings and only
 * the others are taken apart. The format is that of `LineStream` in database/contract.ts.
 */

/** Lines in batches, in ascending order of their key. Complete when it ends without an error. */
export type LineStream = AsyncIterable<readonly string[]>

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
])

const SPECIAL = /[\\\t\n\r]/

/** COPY also escapes these three; a line of ours never holds them escaped. */
const UNESCAPES: ReadonlyMap<string, string> = new Map([
  ...[...ESCAPES].map(([plain, escaped]): [string, string] => [escaped, plain]),
  ['\\b', '\b'],
  ['\\f', '\f'],
  ['\\v', '\v'],
])

const STORAGE_MARKS: ReadonlyMap<string, RawCell['storage']> = new Map([
  ['\\I', 'integer'],
  ['\\R', 'real'],
  ['\\T', 'text'],
  ['\\B', 'blob'],
])

const MARK_OF = new Map([...STORAGE_MARKS].map(([mark, storage]) => [storage, mark]))

/** Values of a source that has no storage classes of its own are `native`, and are not marked. */
export function encodeLine(fields: readonly (RawCell | null)[]): string {
  return fields.map(encodeField).join('\t')
}

export function decodeLine(line: string): (RawCell | null)[] {
  return line.split('\t').map(decodeField)
}

function encodeField(cell: RawCell | null): string {
  if (cell === null) return encodeText(null)
  return `${MARK_OF.get(cell.storage) ?? ''}${encodeText(cell.text)}`
}

/** One field of a value that lies as it should; null is NULL. */
export function encodeText(text: string | null): string {
  if (text === null) return '\\N'
  if (!SPECIAL.test(text)) return text
  return text.replaceAll(/[\\\t\n\r]/g, (character) => ESCAPES.get(character)!)
}

export function decodeField(field: string): RawCell | null {
  if (!field.includes('\\')) return { storage: 'native', text: field }
  if (field === '\\N') return null
  const storage = STORAGE_MARKS.get(field.slice(0, 2))
  const text = storage === undefined ? field : field.slice(2)
  return { storage: storage ?? 'native', text: decodeText(text) }
}

/** The text of a field that has no mark. */
export function decodeText(field: string): string {
  // Split where a backslash is escaped, each escape is found by a plain search, which is fast.
  return field
    .split('\\\\')
    .map((part) =>
      part.includes('\\')
        ? [...UNESCAPES].reduce((text, pair) => text.replaceAll(...pair), part)
        : part,
    )
    .join('\\')
}
