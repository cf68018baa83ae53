import type { Catalog, CatalogColumn } from '../database/contract.ts'
import type { Change, RebuildChange } from '../diff/change.ts'
import { TidegateError } from '../errors.ts'
import type { SecretValues } from './secrets.ts'

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
  const limits = new Limits(catalog)
  for (const change of changes) checkChange(limits, change, secrets)
  const { problems } = limits
  if (problems.length === 0) return
  throw new TidegateError('value', `nothing was written: ${problems.join('; ')}`, {
    nextStep: 'shorten the value, or widen the column in the gateway first',
    details: { problems },
  })
}

function checkChange(limits: Limits, change: Change, secrets: SecretValues): void {
  if (change.kind === 'delete') return
  if (change.kind === 'rebuild') return checkAbilities(limits, change)
  const { table, key } = change
  for (const { column, after, secret, reference } of change.cells) {
    const isSecret = secret && after !== null
    const text = isSecret ? secrets.reveal(table, key, column) : (after ?? '')
    // What a reference shows is not what is written: an id.
    limits.check(table, column, reference === undefined ? text : '')
  }
}

function checkAbilities(limits: Limits, { insert }: RebuildChange): void {
  for (const { group, model, tag, own } of insert) {
    limits.check('abilities', 'group', group)
    limits.check('abilities', 'model', model)
    limits.check('abilities', 'tag', tag ?? '')
    for (const [column, text] of own ?? []) {
      if (limits.has('abilities', column)) limits.check('abilities', column, text ?? '')
    }
  }
}

/** What the columns of one database refuse. */
class Limits {
  readonly #catalog: Catalog
  readonly #problems = new Set<string>()

  constructor(catalog: Catalog) {
    this.#catalog = catalog
  }

  get problems(): readonly string[] {
    return [...this.#problems]
  }

  has(table: string, column: string): boolean {
    return this.#catalog.get(table)?.has(column) === true
  }

  check(table: string, column: string, text: string): void {
    const definition = this.#catalog.get(table)?.get(column)
    if (definition !== undefined) this.#checkText(definition, text)
    else if (text !== '') {
      this.#problems.add(`this gateway's version has no column ${table}.${column}`)
    }
  }

  #checkText({ table, name, maxLength: limit }: CatalogColumn, text: string): void {
    const place = `${table}.${name}`
    // A character has one or two units of UTF-16.
    if (limit !== null && text.length > limit && [...text].length > limit) {
      this.#problems.add(`${place} takes at most ${limit} characters`)
    }
    if (text.includes('\0')) this.#problems.add(`${place} cannot hold a NUL character`)
    if (!text.isWellFormed()) this.#problems.add(`${place} is not valid Unicode`)
  }
}
