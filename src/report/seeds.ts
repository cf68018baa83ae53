import { escapeText, quote } from './escape.ts'
import type { CellFacts, RowFacts, SeedFacts } from './model.ts'

const OUTCOMES = ['created', 'updated', 'unchanged'] as const

type Outcome = (typeof OUTCOMES)[number]

/** `1 created, 2 unchanged`, in words of the caller's; `no rows` when the seeds declare none. */
export function countOutcomes(
  rows: readonly Pick<RowFacts, 'outcome'>[],
  words: Readonly<Partial<Record<Outcome, string>>> = {},
): string {
  const counts = OUTCOMES.flatMap((outcome) => {
    const count = rows.filter((row) => row.outcome === outcome).length
    return count === 0 ? [] : [`${count} ${words[outcome] ?? outcome}`]
  })
  return counts.length === 0 ? 'no rows' : counts.join(', ')
}

/** One line for a row: `channels 8 "Bltcy旧网关" updated: models, group; abilities +3`. */
export function describeRow(row: RowFacts): string {
  const id = row.id === null ? '' : ` ${escapeText(row.id)}`
  const columns = row.outcome === 'updated' ? row.cells.map(({ column }) => column) : []
  const parts = [columns.join(', '), describeAbilities(row.abilities)].filter((part) => part !== '')
  const what = parts.length === 0 ? '' : `: ${parts.join('; ')}`
  return `${row.table}${id} ${quote(row.label)} ${row.outcome}${what}`
}

function describeAbilities({ insert, update, remove }: RowFacts['abilities']): string {
  const parts = [
    insert > 0 ? `+${insert}` : '',
    update > 0 ? `~${update}` : '',
    remove > 0 ? `-${remove}` : '',
  ].filter((part) => part !== '')
  return parts.length === 0 ? '' : `abilities ${parts.join(' ')}`
}

/** The plan of every seed, cell by cell. */
export function renderSeedPlan(seeds: readonly SeedFacts[]): string {
  if (seeds.length === 0) return 'no seed applies in this environment'
  return seeds
    .flatMap((seed) => [`seed ${seed.name} (${seed.state})`, ...seed.rows.flatMap(renderRow)])
    .join('\n')
}

function renderRow(row: RowFacts): string[] {
  return [`  ${describeRow(row)}`, ...row.cells.map((cell) => `    ${renderCell(cell)}`)]
}

function renderCell({ column, before, after, difference, secret }: CellFacts): string {
  const why = difference === 'formatting' ? '  (the gateway does not trim)' : ''
  if (secret) return `${column}: ${before === null ? 'set' : 'replaced'}`
  return `${column}: ${renderValue(before)} → ${renderValue(after)}${why}`
}

function renderValue(value: string | null): string {
  return value === null ? 'NULL' : quote(value)
}
