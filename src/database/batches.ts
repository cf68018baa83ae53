const ROWS = 100

/** Rows a hundred at a time: to wait for each alone takes longer than to write it. */
export async function* inBatches<T>(rows: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T[]> {
  const batch: T[] = []
  const isFull = (row: T): boolean => batch.push(row) === ROWS
  const take = (): T[] => batch.splice(0)
  if (Symbol.iterator in rows) {
    for (const row of rows) if (isFull(row)) yield take()
  } else {
    for await (const row of rows) if (isFull(row)) yield take()
  }
  if (batch.length > 0) yield batch
}
