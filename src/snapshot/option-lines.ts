import { sql } from 'kysely'
import type { DatabaseReader, RawRow } from '../database/contract.ts'
import type { RawCell } from '../gateway/cells.ts'
import { compareBytes } from '../gateway/byte-order.ts'
import { isSecretOption } from '../gateway/secrets.ts'
import { type Fingerprinter, hiding } from './fingerprint.ts'
import { encodeLine, type LineStream } from './line.ts'
import type { TableShape } from './shape.ts'

/**
 * The rows of `options`, of which there are a few hundred. Whether a value is a secret follows from
 * its key, so the keys are read first, and the values of secret ones stay in the database.
 */
export async function* readOptionLines(
  reader: DatabaseReader,
  fingerprinter: Fingerprinter | null,
  { columns }: TableShape,
): LineStream {
  const [keys] = await reader.read([{ table: 'options', columns: [{ name: 'key' }] }])
  const secret = keys!.map(([key]) => key?.text ?? '').filter(isSecretOption)
  const names = columns.map(({ column }) => column)
  const [plain, hidden] = await reader.read([
    {
      table: 'options',
      columns: names.map((name) => ({ name })),
      where: () => sql<boolean>`(${sql.ref('options.key')} is null or not ${isIn(secret)})`,
    },
    {
      table: 'options',
      columns: names.map((name) =>
        name === 'value' ? { name, hide: hiding(fingerprinter, 'options', 'value') } : { name },
      ),
      where: () => isIn(secret),
    },
  ])
  const rows = [...plain!, ...hidden!].toSorted(byKey)
  yield rows.map((row) => encodeLine(row.map(unmarked)))
}

function isIn(keys: readonly string[]) {
  if (keys.length === 0) return sql<boolean>`(1 = 0)`
  return sql<boolean>`(${sql.ref('options.key')} in (${sql.join([...keys])}))`
}

function byKey(a: RawRow, b: RawRow): number {
  return compareBytes(a[0]?.text ?? '', b[0]?.text ?? '')
}

/** Text is how the columns of this table should lie in the file. */
function unmarked(cell: RawCell | null): RawCell | null {
  return cell?.storage === 'text' ? { storage: 'native', text: cell.text } : cell
}
