import type { RawBuilder } from 'kysely'
import type { CatalogColumn } from './contract.ts'

/**
 * Row images for the journal, made and put back inside the database: secrets stay there unless an
 * image is made to be encrypted.
 */
export interface RowImages {
  /** SQL text (JSON) of the named columns of the row of `table` in scope under its own name. */
  capture(table: string, columns: readonly CatalogColumn[]): RawBuilder<string>
  /** The same to the byte after it has been in this process, where every text is UTF-8. */
  captureToCarry(table: string, columns: readonly CatalogColumn[]): RawBuilder<string>
  /** SQL value of one column out of an image of either kind held in `image`: exact, to the byte. */
  restore(column: CatalogColumn, image: RawBuilder<string>): RawBuilder<unknown>
}
