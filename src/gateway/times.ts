/** PostgreSQL's `2026-11-22 18:40:22.376+00`, GORM's text in SQLite, RFC 3339, Go's time.String. */
const TIME =
  /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.(\d+))? ?(Z|[+-]\d{2}(?::?\d{2})?)(?: UTC)?$/

/**
 * The moment in UTC with microseconds, which is all that PostgreSQL keeps; text without an offset,
 * or that is no time, stays as it is.
 */
export function canonicalTime(text: string): string {
  const [, date, clock, fraction = '', offset = ''] = TIME.exec(text) ?? []
  if (date === undefined || clock === undefined) return text
  const moment = new Date(`${date}T${clock}${isoOffset(offset)}`)
  if (Number.isNaN(moment.getTime())) return text
  return `${moment.toISOString().slice(0, 19)}.${fraction.slice(0, 6).padEnd(6, '0')}Z`
}

function isoOffset(offset: string): string {
  if (offset === 'Z') return offset
  const digits = offset.slice(1).replace(':', '').padEnd(4, '0')
  return `${offset[0]}${digits.slice(0, 2)}:${digits.slice(2)}`
}
