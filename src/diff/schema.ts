import { columnRule, type ColumnFamily, type ColumnRole } from '../gateway/columns.ts'
import { isLeftover, isUpstreamColumn } from '../gateway/version-columns.ts'
import { type GatewayVersion, recogniseVersion } from '../gateway/versions.ts'
import type { Severity } from './finding.ts'
import { meanTheSame } from './type-families.ts'

/** What a comparison needs to know of a column. */
export interface SchemaColumn {
  readonly type: string
  readonly family: ColumnFamily
  /** Characters; null when unlimited. */
  readonly maxLength: number | null
}

/** Table name to column name to column. */
export type SchemaCatalog = ReadonlyMap<string, ReadonlyMap<string, SchemaColumn>>

export interface SchemaSide {
  /** What people call it. */
  readonly name: string
  readonly catalog: SchemaCatalog
  /** Whether a longer text than declared is refused; SQLite takes any. */
  readonly enforcesLengths: boolean
}

export type SchemaRule =
  'gateway-version' | 'table-missing' | 'column-missing' | 'type-family' | 'shorter-limit'

/** Without a column of these roles, a declared row cannot be what it should. */
const CONFIGURING: ReadonlySet<ColumnRole> = new Set(['identity', 'config', 'secret'])

export interface SchemaDifference {
  readonly rule: SchemaRule
  readonly table: string
  /** Null when it is about the whole table. */
  readonly column: string | null
  /** The side that lacks something or takes less; null when it is about both. */
  readonly side: 'from' | 'to' | null
  readonly severity: Severity
  readonly message: string
}

interface SchemaInput {
  readonly from: SchemaSide
  readonly to: SchemaSide
  /** The compared tables. */
  readonly tables: readonly string[]
}

/**
 * What separates two schemas as far as configuration goes. Never said: defaults, what only the
 * dialects declare differently, and columns that an older gateway left behind.
 */
export function compareSchemas(input: SchemaInput): SchemaDifference[] {
  const tables = input.tables.flatMap((table) => compareTable(input, table))
  return [...compareVersions(input), ...tables]
}

function compareVersions({ from, to }: SchemaInput): SchemaDifference[] {
  const [left, right] = [recogniseVersion(from.catalog), recogniseVersion(to.catalog)]
  if (left?.label === right?.label) return []
  const evidence = right?.evidence ?? left?.evidence ?? ''
  const message = `${from.name} is ${describeVersion(left)}, ${to.name} is ${describeVersion(right)}`
  const [table = ''] = evidence.split('.')
  return [
    { rule: 'gateway-version', table, column: null, side: null, severity: 'warning', message },
  ]
}

function describeVersion(version: GatewayVersion | null): string {
  return version === null ? 'no known gateway' : `${version.label} (it has ${version.evidence})`
}

function compareTable({ from, to }: SchemaInput, table: string): SchemaDifference[] {
  const [left, right] = [from.catalog.get(table), to.catalog.get(table)]
  if (left === undefined && right === undefined) return []
  if (right === undefined) return [missingTable(table, 'to', { lacking: to, having: from })]
  if (left === undefined) return [missingTable(table, 'from', { lacking: from, having: to })]
  return [...new Set([...left.keys(), ...right.keys()])]
    .map((column) => compareColumn({ from, to }, table, column))
    .filter((difference) => difference !== null)
}

interface Unequal {
  readonly lacking: SchemaSide
  readonly having: SchemaSide
}

function missingTable(
  table: string,
  side: 'from' | 'to',
  { lacking, having }: Unequal,
): SchemaDifference {
  const message = `${lacking.name} has no table ${table}, ${having.name} has`
  const severity = side === 'to' ? 'error' : 'warning'
  return { rule: 'table-missing', table, column: null, side, severity, message }
}

function compareColumn(
  { from, to }: Pick<SchemaInput, 'from' | 'to'>,
  table: string,
  column: string,
): SchemaDifference | null {
  const left = from.catalog.get(table)!.get(column)
  const right = to.catalog.get(table)!.get(column)
  if (right === undefined) {
    return missingColumn(table, column, 'to', { lacking: to, having: from })
  }
  if (left === undefined) {
    return missingColumn(table, column, 'from', { lacking: from, having: to })
  }
  const place = { table, column }
  if (meanTheSame(left, right)) return compareLimits(place, { from, left }, { to, right })
  const message = `${table}.${column} is ${left.type} in ${from.name} and ${right.type} in ${to.name}`
  return { rule: 'type-family', ...place, side: null, severity: 'error', message }
}

function missingColumn(
  table: string,
  column: string,
  side: 'from' | 'to',
  { lacking, having }: Unequal,
): SchemaDifference | null {
  const { role } = columnRule(table, column)
  if (role === 'volatile' || isLeftover(table, column, recogniseVersion(having.catalog))) {
    return null
  }
  const message = `${lacking.name} has no column ${table}.${column}, ${having.name} has`
  const severity = isUpstreamColumn(table, column) && CONFIGURING.has(role) ? 'error' : 'warning'
  return { rule: 'column-missing', table, column, side, severity, message }
}

interface Place {
  readonly table: string
  readonly column: string
}

/** A side that enforces no length says with the declared one only what the gateway means. */
function compareLimits(
  place: Place,
  { from, left }: { readonly from: SchemaSide; readonly left: SchemaColumn },
  { to, right }: { readonly to: SchemaSide; readonly right: SchemaColumn },
): SchemaDifference | null {
  const declared = left.maxLength ?? (from.enforcesLengths ? Infinity : 0)
  if (!to.enforcesLengths || right.maxLength === null || right.maxLength >= declared) return null
  const limit = declared === Infinity ? 'any text' : `${declared} characters`
  const unlimited = from.enforcesLengths ? '' : ', and enforces no limit'
  return {
    rule: 'shorter-limit',
    ...place,
    side: 'to',
    severity: 'warning',
    message: `${place.table}.${place.column} takes ${right.maxLength} characters in ${to.name}; ${from.name} declares ${limit}${unlimited}`,
  }
}
