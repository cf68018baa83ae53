import type { Catalog } from '../database/contract.ts'
import type { Change } from '../diff/change.ts'
import { TidegateError } from '../errors.ts'
import type { SecretValues } from './secrets.ts'

interface Value {
  readonly table: string
  readonly column: string
  readonly text: string
}

/**
 * Checks every value that a plan would write against the real columns of the target, before
 * anything is written. SQLite does not enforce its declared lengths; they are checked all the same,
 * because the gateway's PostgreSQL will.
 * @throws TidegateError `value`, naming columns and limits, never values.
 */
export function assertFits(
  changes: readonly Change[],
  catalog: Catalog,
  secrets: SecretValues,
): void {
  const problems = changes
    .flatMap((change) => valuesOf(change, secrets))
    .flatMap((value) => problemsOf(value, catalog))
  if (problems.length === 0) return
  throw new TidegateError('value', `nothing was written: ${[...new Set(problems)].join('; ')}`, {
    nextStep: 'shorten the value, or widen the column in the gateway first',
    details: { problems },
  })
}

function valuesOf(change: Change, secrets: SecretValues): Value[] {
  if (change.kind === 'rebuild') {
    return change.insert.flatMap(({ group, model, tag }) => [
      { table: 'abilities', column: 'group', text: group },
      { table: 'abilities', column: 'model', text: model },
      { table: 'abilities', column: 'tag', text: tag ?? '' },
    ])
  }
  const { table, key } = change
  return change.cells.map(({ column, after, secret }) => ({
    table,
    column,
    text: secret && after !== null ? secrets.reveal(table, key, column) : (after ?? ''),
  }))
}

function problemsOf({ table, column, text }: Value, catalog: Catalog): string[] {
  const definition = catalog.get(table)?.get(column)
  const place = `${table}.${column}`
  if (definition === undefined) {
    return text === '' ? [] : [`this gateway's version has no column ${place}`]
  }
  const problems: string[] = []
  const limit = definition.maxLength
  if (limit !== null && [...text].length > limit) {
    problems.push(`${place} takes at most ${limit} characters`)
  }
  if (text.includes('\0')) problems.push(`${place} cannot hold a NUL character`)
  if (!text.isWellFormed()) problems.push(`${place} is not valid Unicode`)
  return problems
}
