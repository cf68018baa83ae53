import type { Change } from '../diff/change.ts'
import { canonicalCell } from '../gateway/cells.ts'
import { columnRule } from '../gateway/columns.ts'
import type { Row } from '../snapshot/model.ts'
import type { SeedWorld } from './read.ts'

/** The world with the options as these changes make them: several seeds may share one map. */
export function withOptions(world: SeedWorld, changes: readonly Change[]): SeedWorld {
  return changes.reduce(withOption, world)
}

function withOption(world: SeedWorld, change: Change): SeedWorld {
  if (change.kind === 'delete' || change.kind === 'rebuild') return world
  if (change.table !== 'options') return world
  const cell = change.cells.find(({ column }) => column === 'value')
  if (cell === undefined) return world
  const [key] = JSON.parse(change.key) as [string]
  const row = optionRow(change.key, key, cell.after)
  return {
    ...world,
    options: [...world.options.filter((other) => other.key !== row.key), row],
    optionTexts: new Map([...world.optionTexts, [key, cell.after]]),
  }
}

function optionRow(natural: string, key: string, text: string | null): Row {
  const raw = text === null ? null : ({ storage: 'text', text } as const)
  const value = canonicalCell(columnRule('options', 'value'), raw)
  return {
    table: 'options',
    key: natural,
    locator: { key },
    cells: new Map([
      ['key', key],
      ['value', value],
    ]),
  }
}
