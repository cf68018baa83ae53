import { counted, joinPhrases, lined, named, type Phrase, type Shown, valued } from './phrase.ts'
import type { LeftFacts, PlanCellFacts, PlanFacts, PlanReason, PlanRowFacts } from './plan-model.ts'

/** What is said of a plan, for renderers that mark what is data. */

/** Members of a list that a cell shows before it only counts them. */
const MEMBERS = 30

export const SIGNS = { insert: '+', update: '~', delete: '-' } as const

type Sides = Pick<PlanFacts, 'from' | 'to'>

/** `Plan: 2 rows to write in production (1 new, 1 changed), 0 to delete; 3 left alone` */
export function planVerdict({ counts, to }: Pick<PlanFacts, 'counts' | 'to'>): Phrase {
  const { insert, update, left } = counts
  const rest = left === 0 ? '' : `; ${left} left alone`
  const where = named(to.environment)
  if (insert + update + counts.delete === 0) return ['Plan: nothing to write in ', where, rest]
  const parts = `(${insert} new, ${update} changed), ${counts.delete} to delete`
  return [`Plan: ${counted(insert + update, 'row')} to write in `, where, ` ${parts}${rest}`]
}

/** `Wrote 2 rows to production (1 new, 1 changed), deleted 0` */
export function writtenVerdict({ counts, to }: Pick<PlanFacts, 'counts' | 'to'>): Phrase {
  const { insert, update } = counts
  if (insert + update + counts.delete === 0) {
    return ['Wrote no row, and remembered in ', named(to.environment), ' what both sides agree on']
  }
  const parts = `(${insert} new, ${update} changed), deleted ${counts.delete}`
  return [`Wrote ${counted(insert + update, 'row')} to `, named(to.environment), ` ${parts}`]
}

/** `from local (database) to sqlite data/one-api.db, new-api since 2025-09-09` */
export function sidesPhrase({ from, to, gateway }: PlanFacts): Phrase {
  const version: Phrase = gateway === null ? ['an unknown gateway'] : [named(gateway)]
  const source = from.name === from.kind ? '' : ` (${from.kind})`
  return [
    'from ',
    named(from.name),
    `${source} to ${to.dialect} `,
    named(to.label),
    ', ',
    ...version,
  ]
}

/** `channels "Bltcy旧网关" "55" (changed in local)` */
export function rowPhrase(row: PlanRowFacts, sides: Sides): Phrase {
  return [...rowName(row), ' (', ...reasonPhrase(row, sides), ')']
}

export function rowName({ table, key }: Pick<PlanRowFacts, 'table' | 'key'>): Phrase {
  const parts = key.map((part): Phrase => [valued(part)])
  return [named(table), ' ', ...joinPhrases(parts, ' ')]
}

function reasonPhrase({ reason, source }: PlanRowFacts, sides: Sides): Phrase {
  const [from, to] = [named(sides.from.name), named(sides.to.environment)]
  const phrases: Readonly<Record<PlanReason, Phrase>> = {
    missing: ['only ', from, ' has it'],
    extra: ['only ', to, ' has it, and tidegate made it'],
    different: ['the two sides differ'],
    pending: ['changed in ', from],
    drift: ['changed in ', to, ', to be overwritten'],
    conflict: ['changed in both, ', to, ' to be overwritten'],
    unmanaged: ['the two sides differ, and tidegate never wrote it'],
    declared: ['declared by ', named(source)],
    abilities: ['its abilities do not follow from it'],
  }
  return phrases[reason]
}

/** `priority: "5" → "0"`, `models: added "pika", removed "kling"`, `key: from env:NAME`. */
export function cellPhrase(cell: PlanCellFacts, { from }: Sides): Phrase {
  const { column, path, difference } = cell
  const place: Phrase = path === null ? [named(column)] : [named(column), ' ', named(path)]
  const note = difference === 'formatting' ? ' (the gateway does not trim)' : ''
  return [...place, ': ', ...valuePhrase(cell, from.name), note]
}

function valuePhrase(cell: PlanCellFacts, from: string): Phrase {
  if (cell.secret !== null) return secretPhrase(cell.secret, from)
  const members = [...listOf('added ', cell.added), ...listOf('removed ', cell.removed)]
  if (members.length > 0) return joinPhrases(members, ', ')
  if (cell.present === 'both') return [valued(cell.before), ' → ', valued(cell.after)]
  const isNew = cell.present === 'after'
  const value = valued(isNew ? cell.after : cell.before)
  if (cell.path === null) return [value]
  return [isNew ? 'added ' : 'removed ', value]
}

function secretPhrase(secret: NonNullable<PlanCellFacts['secret']>, from: string): Phrase {
  if (secret === 'source') return ['from ', named(from)]
  if (secret === 'keep') return ['kept']
  const isWord = secret === 'placeholder' || secret === 'set' || secret === 'removed'
  return isWord ? [secret] : ['from ', lined(secret)]
}

function listOf(word: string, members: readonly string[]): Phrase[] {
  const shown = members.slice(0, MEMBERS).map((member, index): (string | Shown)[] => {
    return index === 0 ? [word, valued(member)] : [valued(member)]
  })
  const more = members.length - MEMBERS
  return more > 0 ? [...shown, [`and ${more} more`]] : shown
}

/** The cells that say something: a new row is not described by what it does not have. */
export function shownCells({ cells, operation }: PlanRowFacts): readonly PlanCellFacts[] {
  if (operation === 'update') return cells
  return cells.filter(({ before, after, secret }) => secret !== null || (before ?? after) !== null)
}

/** `abilities: +3 ~0 -1`; null when none change. */
export function abilitiesText({ abilities }: PlanRowFacts): string | null {
  const { insert, update, remove } = abilities
  return insert + update + remove === 0 ? null : `abilities: +${insert} ~${update} -${remove}`
}

/** `channels "other": production changed it` */
export function leftPhrase(left: LeftFacts): Phrase {
  return [...rowName(left), ': ', lined(left.why)]
}
