import { hideSecrets } from '../gateway/secret-scan.ts'
import { escapeText, quote } from './escape.ts'
import { renderTable, type TableOptions } from './table.ts'

/** What `undo` reports; the shapes are those of `--json`. */

export interface RunFacts {
  readonly id: string
  readonly command: string
  readonly environment: string
  readonly startedAt: string
  readonly rows: number
  readonly undone: number
  readonly tables: readonly string[]
}

export interface UndoRowFacts {
  readonly table: string
  readonly locator: Readonly<Record<string, string>>
  readonly name: string | null
  readonly operation: 'insert' | 'update' | 'delete'
  readonly columns: readonly string[]
  readonly state: 'as-left' | 'changed' | 'gone' | 'back'
}

export interface UndoUnitFacts {
  readonly rows: readonly UndoRowFacts[]
}

export function renderRuns(runs: readonly RunFacts[], options: TableOptions): string {
  if (runs.length === 0) return 'the journal is empty'
  const head = ['run', 'when', 'command', 'environment', 'rows', 'undone', 'tables']
  const lines = runs.map(({ id, startedAt, command, environment, rows, undone, tables }) => [
    ...[id, startedAt, command, environment].map(escapeText),
    String(rows),
    undone === 0 ? 'no' : undone === rows ? 'yes' : `${undone} of ${rows}`,
    tables.map(escapeText).join(', '),
  ])
  return renderTable(head, lines, options)
}

/** What would be put back, and what would be left. */
export function renderUndo(
  units: readonly UndoUnitFacts[],
  left: readonly UndoUnitFacts[],
): string {
  return [
    ...units.flatMap(({ rows }) => describeUnit(rows)),
    ...(left.length === 0 ? [] : ['left alone, because it was changed since:']),
    ...left.flatMap(({ rows }) =>
      rows.filter(({ state }) => state !== 'as-left').map(describeMove),
    ),
  ].join('\n')
}

const WORDS = { insert: 'comes back', update: 'as before', delete: 'is deleted' } as const

const STATES = {
  'as-left': 'as the run left it',
  changed: 'has been changed',
  gone: 'is gone',
  back: 'is there again',
} as const

/** One line for each row; the abilities of a channel are counted. */
function describeUnit(rows: readonly UndoRowFacts[]): string[] {
  const abilities = rows.filter(({ table }) => table === 'abilities')
  const others = rows.filter(({ table }) => table !== 'abilities')
  const counts = countAbilities(abilities)
  if (others.length === 0) return [`channels ${channelOf(abilities)}: ${counts}`]
  const tail = counts === '' ? '' : `; ${counts}`
  return others.map((row) => `${describeRow(row)}${tail}`)
}

function describeRow(row: UndoRowFacts): string {
  const columns = row.operation === 'update' ? `: ${row.columns.map(escapeText).join(', ')}` : ''
  return `${rowName(row)} ${WORDS[row.operation]}${columns}`
}

function describeMove(row: UndoRowFacts): string {
  return `${rowName(row)} ${STATES[row.state]}`
}

function rowName({ table, locator, name }: UndoRowFacts): string {
  const key = Object.values(locator).join('/')
  const label = name === null || name === key ? '' : ` ${quote(hideSecrets(name))}`
  return `${escapeText(table)} ${escapeText(hideSecrets(key))}${label}`
}

function channelOf([first]: readonly UndoRowFacts[]): string {
  return escapeText(first?.locator['channel_id'] ?? '')
}

function countAbilities(rows: readonly UndoRowFacts[]): string {
  const count = (operation: UndoRowFacts['operation'], sign: string): string => {
    const some = rows.filter((row) => row.operation === operation).length
    return some === 0 ? '' : ` ${sign}${some}`
  }
  const counts = `${count('insert', '+')}${count('update', '~')}${count('delete', '-')}`
  return counts === '' ? '' : `abilities${counts}`
}
