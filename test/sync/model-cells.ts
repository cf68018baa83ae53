/** How the model reads cells: only of the columns that its commands write. */

export type Cell = string | null

export type Cells = Readonly<Record<string, Cell>>

type Kind = 'text' | 'list' | 'number' | 'map'

type Kinds = Readonly<Record<string, Kind>>

export const OPTION_MAP = 'ModelRatio'

const CHANNEL: Kinds = {
  models: 'list',
  group: 'list',
  status: 'number',
  priority: 'number',
  tag: 'text',
  remark: 'text',
  model_mapping: 'map',
}

/** Columns that a push or a pull compares, secrets aside. */
export function kindsOf(table: string, name: string): Kinds {
  if (table === 'channels') return CHANNEL
  return { value: name === OPTION_MAP ? 'map' : 'text' }
}

export const SOURCE_COLUMNS = ['models', 'group', 'status', 'priority', 'weight', 'tag']

export function membersOf(text: Cell): Map<string, number> | null {
  return text === null || text === '' ? null : new Map(Object.entries(JSON.parse(text)))
}

export function writeMap(members: Iterable<[string, number]>): string {
  return JSON.stringify(Object.fromEntries(members))
}

/** One text for all that mean the same, where the order of members is all that may differ. */
export function canonical(kind: Kind | undefined, text: Cell): Cell {
  const members = kind === 'map' ? membersOf(text) : null
  return members === null ? text : writeMap([...members].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

export function isSame(kind: Kind, a: Cell, b: Cell): boolean {
  if (kind === 'number') return a === b
  const plain = (text: Cell): string =>
    kind === 'list' ? (text ?? '').split(',').toSorted().join() : (canonical(kind, text) ?? '')
  return plain(a) === plain(b)
}

/** A channel that the gateway disabled is meant to be enabled. */
export function intended(cells: Cells): Cells {
  return cells['status'] === '3' ? { ...cells, status: '1' } : cells
}

export interface Difference {
  readonly column: string
  /** A member of a map; null for the whole cell. */
  readonly path: string | null
  readonly kind: Kind
  readonly isOnlyRight: boolean
}

export function differencesOf(kinds: Kinds, from: Cells, to: Cells): Difference[] {
  return Object.entries(kinds).flatMap(([column, kind]): Difference[] => {
    const [left, right] = [from[column] ?? null, to[column] ?? null]
    if (isSame(kind, left, right)) return []
    const members = kind === 'map' ? [membersOf(left), membersOf(right)] : []
    const [a, b] = members
    if (a == null || b == null) return [{ column, path: null, kind, isOnlyRight: false }]
    const paths = [...new Set([...a.keys(), ...b.keys()])].toSorted()
    const differing = paths.filter((path) => a.get(path) !== b.get(path))
    return differing.map((path) => ({ column, path, kind, isOnlyRight: !a.has(path) }))
  })
}

export type Judgement = 'pending' | 'drift' | 'conflict' | 'unmanaged' | 'different'

/** Undefined: nothing is known of the cell. */
export function valueAt({ column, path }: Difference, cells: Cells): Cell | undefined {
  if (!(column in cells) || path === null) return cells[column]
  const value = membersOf(cells[column] ?? null)?.get(path)
  return value === undefined ? null : String(value)
}

export function judge(
  difference: Difference,
  { from, to, base, hasBase }: { from: Cells; to: Cells; base: Cells | null; hasBase: boolean },
): Judgement {
  if (!hasBase) return 'different'
  const before = base === null ? undefined : valueAt(difference, base)
  if (before === undefined) return 'unmanaged'
  const { kind, path } = difference
  const stayed = [from, to].map((cells) => {
    const now = valueAt(difference, cells) ?? null
    return path === null ? isSame(kind, now, before) : now === before
  })
  if (stayed[0] && stayed[1]) return 'different'
  if (stayed[1]) return 'pending'
  return stayed[0] ? 'drift' : 'conflict'
}

/** What both sides agree on when `open` is all in which they differ. */
export function agreement(
  kinds: Kinds,
  from: Cells,
  open: readonly Difference[],
  base: Cells | null,
): Cells {
  const agreed: Record<string, Cell> = {}
  for (const [column, kind] of Object.entries(kinds)) {
    const own = open.filter((difference) => difference.column === column)
    if (own[0]?.path === null) {
      const before = base?.[column]
      if (before !== undefined) agreed[column] = canonical(kind, before)
      continue
    }
    const members = own.length === 0 ? null : membersOf(from[column] ?? null)
    for (const difference of own) {
      const before = base === null ? null : (valueAt(difference, base) ?? null)
      if (before === null) members!.delete(difference.path!)
      else members!.set(difference.path!, Number(before))
    }
    const cell = own.length === 0 ? (from[column] ?? null) : writeMap(members!)
    agreed[column] = canonical(kind, cell)
  }
  return agreed
}

/** What the gateway derives from a channel: abilities by group and model. */
export function derive(channel: Cells): Map<string, Cells> {
  const derived = new Map<string, Cells>()
  for (const group of (channel['group'] ?? '').split(',')) {
    for (const model of (channel['models'] ?? '').split(',')) {
      derived.set(`${group}/${model}`, {
        group,
        model,
        enabled: channel['status'] === '1' ? '1' : '0',
        priority: channel['priority'] ?? '0',
        weight: channel['weight'] ?? '0',
        tag: channel['tag'] ?? null,
      })
    }
  }
  return derived
}
