import { escapeText } from './escape.ts'
import { renderTable, type TableOptions } from './table.ts'

export interface MigrationLine {
  readonly name: string
  readonly state: string
  /** ISO 8601; null when it was never applied. */
  readonly appliedAt: string | null
  readonly durationMs: number | null
  readonly reason: string | null
}

export function renderMigrationStatus(
  migrations: readonly MigrationLine[],
  options: TableOptions,
): string {
  if (migrations.length === 0) return 'there are no migrations'
  const rows = migrations.map(({ name, state, appliedAt, durationMs, reason }) => [
    escapeText(name),
    state,
    appliedAt === null ? '' : escapeText(appliedAt.slice(0, 19).replace('T', ' ')),
    durationMs === null ? '' : `${durationMs} ms`,
    reason === null ? '' : escapeText(reason),
  ])
  return renderTable(['migration', 'state', 'applied (UTC)', 'took', 'note'], rows, options)
}

export interface VerificationLine {
  readonly name: string
  readonly outcome: string
  readonly message: string
}

export function renderVerification(
  results: readonly VerificationLine[],
  options: TableOptions,
): string {
  if (results.length === 0) return 'nothing is applied'
  const rows = results.map(({ name, outcome, message }) => [
    escapeText(name),
    outcome,
    escapeText(message),
  ])
  return renderTable(['migration', 'result', 'what was found'], rows, options)
}

export interface PreviewLines {
  readonly name: string
  readonly description: string
  readonly dialect: string
  readonly statements: readonly { readonly sql: string; readonly parameters: readonly unknown[] }[]
  readonly branches: boolean
  readonly transaction: boolean
}

/** SQL text that can be read and reviewed; parameters follow their statement as a comment. */
export function renderPreview(previews: readonly PreviewLines[]): string {
  if (previews.length === 0) return '-- nothing pending'
  return previews.map(renderOne).join('\n\n')
}

function renderOne(preview: PreviewLines): string {
  const { name, description, dialect, statements, branches, transaction } = preview
  const head = [`-- ${name} (${dialect}): ${escapeText(description)}`]
  if (!transaction) head.push('-- runs outside a transaction')
  if (branches) {
    head.push(
      '-- it reads the database and decides by what it finds: below is what it does when every',
      '-- read comes back empty, as in a new database',
    )
  }
  const body = statements.map(({ sql, parameters }) =>
    parameters.length === 0 ? `${sql};` : `${sql};  -- ${escapeText(JSON.stringify(parameters))}`,
  )
  return [...head, ...(body.length > 0 ? body : ['-- no statement'])].join('\n')
}
