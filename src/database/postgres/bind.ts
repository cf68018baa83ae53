import type { CatalogColumn } from '../contract.ts'

/** The text itself: the server reads it as its column's type. See `Database.bind`. */
export function bindValue(_column: CatalogColumn, canonical: string | null): string | null {
  return canonical
}
