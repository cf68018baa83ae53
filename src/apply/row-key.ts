/** One string for a row of any table, whatever its natural key holds. */
export function rowKey(table: string, key: string): string {
  return JSON.stringify([table, key])
}

/** A natural key as people read it. */
export function keyParts(key: string): string[] {
  return (JSON.parse(key) as (string | null)[]).map((part) => part ?? '')
}
