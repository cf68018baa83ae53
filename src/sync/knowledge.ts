import type { RememberedRow } from '../drift/base.ts'
import { keyLine } from '../drift/base.ts'
import { canonicalMembers } from '../diff/json-map.ts'
import type { Cells } from '../diff/cells.ts'
import { writeMembers } from '../gateway/json-members.ts'
import { isOptionMap } from '../gateway/options.ts'
import type { KnownRow } from './world.ts'

interface KnowledgeInput {
  readonly command: 'push' | 'pull'
  /** What each side's database remembers, oldest first. */
  readonly from: readonly RememberedRow[]
  readonly to: readonly RememberedRow[]
  /** Seeds under which the two sides remember what they agreed on: pulls and pushes. */
  readonly pulled: string
  readonly pushed: string | null
}

/** Everything that tidegate remembers of one row. */
interface Memory {
  /** What both sides last agreed on, by the newest pull or push between them. */
  agreed: RememberedRow | null
  /** What seeds and others' pushes last applied to the target. */
  applied: KnownRow | null
  readonly onTarget: RememberedRow[]
}

/** What tidegate remembers in both databases, by table and key. */
export class Knowledge {
  readonly #input: KnowledgeInput
  readonly #rows = new Map<string, Map<string, Memory>>()

  constructor(input: KnowledgeInput) {
    this.#input = input
    const { command, from, to, pulled, pushed } = input
    const [local, remote] = command === 'push' ? [from, to] : [to, from]
    for (const row of local) if (row.seed === pulled) this.#agree(row)
    for (const row of remote) if (row.seed === pushed) this.#agree(row)
    for (const row of to) this.#apply(row)
  }

  /** What tells who changed a cell of the row since; null when nothing does. */
  baseOf(table: string, key: string): KnownRow | null {
    const memory = this.#rows.get(table)?.get(key)
    if (memory === undefined) return null
    const { agreed, applied } = memory
    if (agreed !== null) return { cells: cellsOf(agreed), isPartial: false }
    return this.#input.command === 'push' ? applied : null
  }

  /** Whether tidegate made the row on the target, or both sides once had it. */
  isOwned(table: string, key: string): boolean {
    const memory = this.#rows.get(table)?.get(key)
    if (memory === undefined) return false
    const { agreed, applied } = memory
    return agreed !== null || (this.#input.command === 'push' && applied !== null)
  }

  /** The newest agreement about the row, if it is one of `seed`: its cells as stored. */
  rememberedBy(seed: string, table: string, key: string): string | null {
    const agreed = this.#rows.get(table)?.get(key)?.agreed
    return agreed?.seed === seed ? agreed.cells : null
  }

  onTarget(table: string, key: string): readonly RememberedRow[] {
    return this.#rows.get(table)?.get(key)?.onTarget ?? []
  }

  /** What `seed` remembers on the target of a table. */
  rowKeys(seed: string, table: string): ReadonlySet<string> {
    const rows = [...(this.#rows.get(table)?.values() ?? [])].flatMap(({ onTarget }) => onTarget)
    return new Set(rows.filter((row) => row.seed === seed).map(({ rowKey }) => rowKey))
  }

  /** Keys of the rows of which there is a base. */
  keys(table: string): string[] {
    const keys = [...(this.#rows.get(table)?.keys() ?? [])]
    return keys.filter((key) => this.baseOf(table, key) !== null)
  }

  /** Whether there is a base for any row. */
  hasBase(): boolean {
    return [...this.#rows.keys()].some((table) => this.keys(table).length > 0)
  }

  #agree(row: RememberedRow): void {
    const memory = this.#memoryOf(row)
    if (memory.agreed === null || row.runId >= memory.agreed.runId) memory.agreed = row
  }

  #apply(row: RememberedRow): void {
    const memory = this.#memoryOf(row)
    memory.onTarget.push(row)
    if (row.seed.startsWith('pull:')) return
    const isPush = row.seed === 'push' || row.seed.startsWith('push:')
    memory.applied = isPush
      ? { cells: cellsOf(row), isPartial: false }
      : merged(memory.applied, row)
  }

  #memoryOf({ table, key }: RememberedRow): Memory {
    const line = keyLine(key)
    const rows = this.#rows.get(table) ?? new Map<string, Memory>()
    this.#rows.set(table, rows)
    const memory = rows.get(line) ?? { agreed: null, applied: null, onTarget: [] }
    rows.set(line, memory)
    return memory
  }
}

/** Several seeds may declare parts of one row. */
function merged(known: KnownRow | null, row: RememberedRow): KnownRow {
  const declared = new Map(cellsOf(row))
  const before = known?.cells.get('value') ?? null
  if (row.table === 'options' && isOptionMap(row.key[0] ?? '') && before !== null) {
    const members = [before, declared.get('value') ?? null].map(canonicalMembers)
    const all = members.flatMap((one) => [...(one ?? [])])
    declared.set('value', writeMembers(new Map(all)))
  }
  const cells = new Map([...(known?.cells ?? []), ...declared])
  return { cells, isPartial: known?.isPartial ?? true }
}

function cellsOf({ applied }: RememberedRow): Cells {
  return new Map(Object.entries(applied))
}
