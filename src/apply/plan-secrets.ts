import type { Change } from '../diff/change.ts'
import { TidegateError } from '../errors.ts'
import { hideSecrets } from '../gateway/secret-scan.ts'
import { isSecretOption } from '../gateway/secrets.ts'
import { shellWord } from '../shell-word.ts'
import type { Plan, PlanItem, Remembered } from './plan.ts'

/** Places that an error names before it only counts them. */
const NAMED = 5

/**
 * A plan file is read by more people than a database: it holds no secret, in whatever column.
 * `redact` also takes out those that this run has loaded.
 * @throws TidegateError `plan` naming the cells; nothing of their values.
 */
export function assertShareable(plan: Plan, redact: (text: string) => string): void {
  assertNoSource(plan)
  const isSecret = (text: string): boolean => redact(hideSecrets(text)) !== text
  const places = [
    ...plan.items.flatMap((item) => secretPlaces(item, isSecret)),
    ...plan.memory
      .filter((row) => valuesOf(row).some(isSecret))
      .map(({ table, key }) => `what is remembered of ${table} ${hideSecrets(key)}`),
  ]
  if (places.length === 0) return
  throw new TidegateError(
    'plan',
    `a plan file must hold no secret, and something that looks like one is in ${list(places)}`,
    {
      nextStep: 'write it with `tidegate push`, which needs no file, or leave it out with --select',
    },
  )
}

/** What is read from the left side when a plan is applied is nowhere to be found by then. */
function assertNoSource({ items, from }: Plan): void {
  const uses = items.flatMap(({ table, key, secrets }) =>
    secrets
      .filter(({ reference }) => reference.kind === 'source')
      .map(({ column }) => ({ column, row: `${table}/${hideSecrets(key[0] ?? '')}` })),
  )
  const [first] = uses
  if (first === undefined) return
  const places = uses.map(({ row, column }) => `${row} ${column}`)
  // A row alone stands for its key.
  const place = first.column === 'key' ? first.row : `${first.row}/${first.column}`
  throw new TidegateError(
    'plan',
    `a plan file must hold no secret, and only ${from.name} has those of ${list(places)}`,
    {
      nextStep: `say where each is when the plan is applied, such as --secret ${shellWord(`${place}=env:VARIABLE`)}, or write it with \`tidegate push\``,
    },
  )
}

function secretPlaces(item: PlanItem, isSecret: (text: string) => boolean): string[] {
  const row = `${item.table} ${item.key.map((part) => hideSecrets(part)).join(' ')}`
  const cells = item.changes.flatMap((change) =>
    change.kind === 'rebuild'
      ? []
      : change.cells
          .filter((cell) => {
            const values = [cell.before, cell.after].filter((value) => value !== null)
            return !cell.secret && values.some((value) => isSecret(value) || isHiddenOption(change))
          })
          .map(({ column }) => `${row} ${column}`),
  )
  if (cells.length > 0) return cells
  return [...textsOf(item)].some(isSecret) ? [row] : []
}

/** The column `options.value` is no secret; the value under some keys is. */
function isHiddenOption({ table, key }: Change): boolean {
  const [name] = JSON.parse(key) as (string | null)[]
  return table === 'options' && isSecretOption(name ?? '')
}

function valuesOf({ cells }: Remembered): string[] {
  return [...textsOf(JSON.parse(cells))]
}

/** Every text anywhere in a value. */
function* textsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (value instanceof Map) for (const entry of value) yield* textsOf(entry)
  else if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) yield* textsOf(member)
  }
}

function list(places: readonly string[]): string {
  const more = places.length > NAMED ? ` and ${places.length - NAMED} more` : ''
  return `${places.slice(0, NAMED).join(', ')}${more}`
}
