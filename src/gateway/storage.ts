import type { CompareKind } from './column-rule.ts'
import { isIntegral } from './numbers.ts'

/** How a value lies in the file: SQLite's typeof(), or `native` on PostgreSQL. */
const STORAGE_CLASSES = ['native', 'integer', 'real', 'text', 'blob'] as const

type StorageClass = (typeof STORAGE_CLASSES)[number]

/** One value as text, with its storage class. */
export interface RawCell {
  readonly storage: StorageClass
  readonly text: string
}

const ANY = STORAGE_CLASSES
const NO_BLOB = ['native', 'integer', 'real', 'text'] as const
const NUMERIC = ['native', 'integer', 'real'] as const

/** Where the gateway's driver finds what it expects. */
const GOOD_STORAGE: Readonly<Record<CompareKind, readonly StorageClass[]>> = {
  text: NO_BLOB,
  'csv-set': NO_BLOB,
  url: NO_BLOB,
  json: ANY,
  'json-map': ANY,
  number: NUMERIC,
  integer: NUMERIC,
  boolean: ['native', 'integer'],
  // The gateway scans it as bytes only (new-api model/channel.go:76-79).
  'channel-info': ['native', 'blob'],
  time: NO_BLOB,
  bytes: ANY,
}

const MARK = /^⟨(native|integer|real|text|blob)⟩/

/** A cell that equals no good value of its column: `⟨text⟩true`. */
export function wrongStorage(storage: string, text: string): string {
  return `⟨${storage}⟩${text}`
}

/** Whether a canonical cell stands for a value that the gateway cannot read; false for NULL. */
export function isWrongStorage(cell: string | null): boolean {
  return cell !== null && MARK.test(cell)
}

/** Whether the gateway reads this value as what the column holds. */
export function isReadable(kind: CompareKind, { storage, text }: RawCell): boolean {
  if (!GOOD_STORAGE[kind].includes(storage)) return false
  if (storage === 'native') return true
  if (kind === 'boolean') return text === '0' || text === '1'
  if (kind === 'integer') return isIntegral(text)
  return kind !== 'channel-info' || text !== ''
}
