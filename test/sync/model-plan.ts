import {
  agreement,
  type Cells,
  differencesOf,
  intended,
  isSame,
  judge,
  type Judgement,
  kindsOf,
} from './model-cells.ts'
import { abilitiesFor, type Ask, type ModelPlan, writtenCells } from './model-plan-item.ts'
import {
  abilitiesOf,
  byName,
  type Model,
  type NamedRow,
  rowKeyOf,
  type Side,
} from './model-state.ts'

type Part = Partial<Omit<ModelPlan, 'command'>>

/** Options that tidegate leaves alone. */
const APART = new Set(['SMTPToken', 'ServerAddress'])

interface Known {
  readonly cells: Cells
  /** Whether the target itself remembers it, under the name of this plan. */
  readonly isOwn: boolean
}

/** What a plan must be; null when a side lost too much to be believed. */
export function predict(model: Model, ask: Ask): ModelPlan | null {
  const isPush = ask.command === 'push'
  const [from, to] = isPush ? [model.local, model.production] : [model.production, model.local]
  const known = knowledgeOf(model, to)
  if (isShort(known, from, to)) return null
  const parts = ['options', 'channels'].flatMap((table) => {
    const [left, right] = [byName(from, table), byName(to, table)]
    const names = [...new Set([...left.keys(), ...right.keys()])].filter((name) => !APART.has(name))
    return names.map((name): Part => {
      const row = { ask, to, table, name, from: left.get(name), target: right.get(name), known }
      return planRow(row)
    })
  })
  const all = <T>(list: (part: Part) => readonly T[] | undefined): T[] =>
    parts.flatMap((part) => list(part) ?? [])
  return {
    command: ask.command,
    items: all(({ items }) => items),
    left: all(({ left }) => left),
    memory: all(({ memory }) => memory),
    forgotten: [...all(({ forgotten }) => forgotten), ...(isPush ? [] : goneOf(from, to))],
  }
}

/** The newest that either side remembers of each row. */
function knowledgeOf({ local, production }: Model, to: Side): Map<string, Known> {
  const known = new Map<string, Known & { runId: string }>()
  for (const side of [local, production]) {
    for (const [rowKey, { cells, runId }] of side.memory) {
      const other = known.get(rowKey)
      if (other === undefined || runId >= other.runId) {
        known.set(rowKey, { cells, runId, isOwn: side === to })
      }
    }
  }
  return known
}

function isShort(known: ReadonlyMap<string, Known>, from: Side, to: Side): boolean {
  return ['options', 'channels'].some((table) => {
    const base = [...known.keys()].filter((rowKey) => rowKey.startsWith(`${table}:`)).length
    return [from, to].some((side) => {
      const { size } = byName(side, table)
      return base > 0 && (size === 0 || (base >= 4 && size * 2 < base))
    })
  })
}

function goneOf(from: Side, to: Side): string[] {
  const there = new Set(
    [from, to].flatMap((side) =>
      ['options', 'channels'].flatMap((table) =>
        [...byName(side, table).keys()].map((name) => rowKeyOf(table, name)),
      ),
    ),
  )
  return [...to.memory.keys()].filter((rowKey) => !there.has(rowKey))
}

interface RowInput {
  readonly ask: Ask
  readonly to: Side
  readonly table: string
  readonly name: string
  readonly from: NamedRow | undefined
  readonly target: NamedRow | undefined
  readonly known: ReadonlyMap<string, Known>
}

function planRow(row: RowInput): Part {
  const { from, target } = row
  if (from === undefined) return planExtra(row, target!)
  return target === undefined ? planMissing(row, from) : planPair(row, from, target)
}

function planMissing({ ask, table, name, known }: RowInput, { cells }: NamedRow): Part {
  const isGone = known.has(rowKeyOf(table, name))
  if (isGone && !ask.overwrite) return { left: [`drift ${table} ${name}`] }
  const kinds = kindsOf(table, name)
  const meant = intended(cells)
  const written = Object.fromEntries(
    Object.keys(kinds).map((column) => [column, meant[column] ?? null]),
  )
  const weight = cells['weight'] ?? '0'
  const abilities = table === 'channels' ? abilitiesFor({ ...written, weight }, new Map()) : null
  const reason = isGone ? 'drift' : 'missing'
  const item = { operation: 'insert', table, name, reason, target: null, cells: written } as const
  const agreed = agreement(kinds, meant, [], null)
  return {
    items: [{ ...item, abilities }],
    memory: [{ table, name, rowId: null, cells: agreed }],
  }
}

function planExtra({ ask, to, table, name, known }: RowInput, target: NamedRow): Part {
  const rowKey = rowKeyOf(table, name)
  const base = known.get(rowKey)
  if (base === undefined || !ask.delete) return { left: [`extra ${table} ${name}`] }
  const now = intended(target.cells)
  const isChanged = Object.entries(kindsOf(table, name)).some(
    ([column, kind]) =>
      column in base.cells && !isSame(kind, base.cells[column] ?? null, now[column] ?? null),
  )
  if (isChanged && !ask.overwrite) return { left: [`conflict ${table} ${name}`] }
  const own = table === 'channels' ? abilitiesOf(to, target.cells['id']!) : new Map()
  const none = { source: null, insert: [], update: new Map() }
  const abilities = own.size === 0 ? null : { ...none, remove: own }
  const item = { operation: 'delete', table, name, reason: 'extra', target, cells: {} } as const
  return {
    items: [{ ...item, abilities }],
    forgotten: to.memory.has(rowKey) ? [rowKey] : [],
  }
}

const REASONS: readonly Judgement[] = ['conflict', 'drift', 'pending', 'different', 'unmanaged']

function planPair(row: RowInput, from: NamedRow, target: NamedRow): Part {
  const { ask, to, table, name, known } = row
  const kinds = kindsOf(table, name)
  const base = known.get(rowKeyOf(table, name)) ?? null
  const [left, right] = [intended(from.cells), intended(target.cells)]
  const states = { from: left, to: right, base: base?.cells ?? null, hasBase: known.size > 0 }
  const judged = differencesOf(kinds, left, right).map((difference) => {
    return { difference, judgement: judge(difference, states) }
  })
  const isOpen = ({ difference, judgement }: (typeof judged)[number]): boolean =>
    !ask.overwrite &&
    (['drift', 'conflict'].includes(judgement) ||
      (judgement !== 'pending' && difference.isOnlyRight))
  const written = judged.filter((one) => !isOpen(one))
  const open = judged.filter(isOpen)
  const cells = writtenCells(
    written.map(({ difference }) => difference),
    left,
    target.cells,
  )
  const reason = REASONS.find((one) => written.some(({ judgement }) => judgement === one))!
  const own = table === 'channels' ? abilitiesOf(to, target.cells['id']!) : new Map()
  const abilities = table === 'channels' ? abilitiesFor({ ...target.cells, ...cells }, own) : null
  const item = { operation: 'update', table, name, reason, target, cells, abilities } as const
  const differences = open.map(({ difference }) => difference)
  const agreed = agreement(kinds, left, differences, base?.cells ?? null)
  const isNews = !base?.isOwn || JSON.stringify(agreed) !== JSON.stringify(base.cells)
  const isRemembered = isNews && (ask.command === 'pull' || written.length > 0)
  const rowId = target.cells[table === 'channels' ? 'id' : 'key']!
  return {
    items: written.length > 0 ? [item] : [],
    left: leftOf(open).map((code) => `${code} ${table} ${name}`),
    memory: isRemembered ? [{ table, name, rowId, cells: agreed }] : [],
  }
}

function leftOf(open: readonly { readonly judgement: Judgement }[]): string[] {
  const codes = open.map(({ judgement }) =>
    judgement === 'drift' || judgement === 'conflict' ? judgement : 'extra',
  )
  return [...new Set(codes)]
}
