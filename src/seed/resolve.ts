import type { SecretValues } from '../apply/secrets.ts'
import type { Catalog } from '../database/contract.ts'
import { TidegateError } from '../errors.ts'
import { cleanList, joinList } from '../gateway/lists.ts'
import { mergeOptionMap } from '../gateway/options.ts'
import { hideSecrets } from '../gateway/secret-scan.ts'
import { isSecretOption } from '../gateway/secrets.ts'
import type { Fingerprinter } from '../snapshot/fingerprint.ts'
import { type Cell, naturalKey, type Row } from '../snapshot/model.ts'
import type { DeclaredCell, DeclaredChannel, DeclaredOption } from './declare.ts'

/** Set by the gateway itself when a channel keeps failing. */
const AUTO_DISABLED = '3'

/** What the gateway's admin API writes when the caller names no value. */
const CREATED_CHANNEL: ReadonlyMap<string, Cell> = new Map([
  ['status', '1'],
  ['priority', '0'],
  ['weight', '0'],
])

export interface ResolveInput {
  readonly catalog: Catalog
  readonly fingerprinter: Fingerprinter
  /** Gets the secrets of the rows that are resolved. */
  readonly secrets: SecretValues
  /** Whether channels that the gateway disabled itself are enabled again. */
  readonly reEnable: boolean
}

export interface Resolved {
  /** What the row must hold; only the columns that this run may write. */
  readonly desired: Row
  /**
   * What is declared for every run, whatever the row holds today: the base of a later comparison.
   * Secrets stay out, their fingerprints mean nothing tomorrow, and so does what looks like one
   * inside of another value.
   */
  readonly base: ReadonlyMap<string, Cell>
  readonly warnings: readonly string[]
}

/** A declared channel against the row it was found to be; null when it must be created. */
export function resolveChannel(
  input: ResolveInput,
  channel: DeclaredChannel,
  type: string,
  current: Row | null,
): Resolved {
  const key = naturalKey([channel.name, type])
  const cells = new Map<string, Cell>(current === null ? CREATED_CHANNEL : [])
  cells.set('type', type)
  for (const [column, declared] of channel.cells) {
    if (!isWritable(input.catalog, 'channels', column, declared)) continue
    const cell = resolveCell(input, { table: 'channels', key, column }, declared, current)
    if (cell !== undefined) cells.set(column, cell)
  }
  const warnings = keepAutoDisabled(input, channel, current, cells)
  const standing = rememberedCells(standingCells(channel.cells))
  // The row is known by its name, which is kept as it is.
  const base = new Map([...standing, ['name', channel.name], ['type', type]])
  return { desired: { table: 'channels', key, locator: null, cells }, base, warnings }
}

function standingCells(declared: ReadonlyMap<string, DeclaredCell>): [string, Cell][] {
  return [...declared].flatMap(([column, cell]): [string, Cell][] => {
    if (cell.policy === 'ensure') return [[column, cell.value]]
    if (cell.policy === 'include') return [[column, joinList(cell.elements)]]
    return []
  })
}

function rememberedCells(cells: readonly [string, Cell][]): [string, Cell][] {
  return cells.map(([column, cell]) => [column, cell === null ? null : hideSecrets(cell)])
}

/** Older gateways lack some columns; declaring nothing for one of those is no fault. */
function isWritable(
  catalog: Catalog,
  table: string,
  column: string,
  declared: DeclaredCell,
): boolean {
  if (catalog.get(table)?.has(column)) return true
  return !('value' in declared) || (declared.value !== null && declared.value !== '')
}

function resolveCell(
  input: ResolveInput,
  place: { readonly table: string; readonly key: string; readonly column: string },
  declared: DeclaredCell,
  current: Row | null,
): Cell | undefined {
  if (declared.policy === 'include') {
    const present = cleanList(current?.cells.get(place.column) ?? null)
    return joinList([...new Set([...present, ...declared.elements])])
  }
  const when = declared.policy === 'secret' ? declared.when : declared.policy
  if (when === 'initial' && current !== null) return undefined
  if (declared.policy !== 'secret') return declared.value
  input.secrets.set(place.table, place.key, place.column, declared.secret)
  return input.fingerprinter.of(place.table, place.column, declared.secret.reveal())
}

function keepAutoDisabled(
  { reEnable }: ResolveInput,
  channel: DeclaredChannel,
  current: Row | null,
  cells: Map<string, Cell>,
): string[] {
  const isDisabled = current?.cells.get('status') === AUTO_DISABLED
  if (!isDisabled || !cells.has('status') || cells.get('status') === AUTO_DISABLED) return []
  if (reEnable) return []
  cells.delete('status')
  return [
    `the gateway itself disabled the channel ${JSON.stringify(channel.name)} (status 3); look at its other_info, then enable it with --re-enable`,
  ]
}

/**
 * A declared option against its stored row, null when that does not exist, and the row's text.
 * @throws TidegateError `seed` when creating the row would wipe the gateway's built-in map, or when
 *   the stored text is no JSON map.
 */
export function resolveOption(
  input: ResolveInput,
  option: DeclaredOption,
  current: Row | null,
  stored: string | null,
): Resolved {
  const key = naturalKey([option.key])
  const value =
    option.kind === 'merge'
      ? mergedMap(option, stored)
      : resolveCell(input, { table: 'options', key, column: 'value' }, option.cell, current)
  const cells = new Map<string, Cell>([['key', option.key]])
  if (value !== undefined) cells.set('value', value)
  const base = new Map(isSecretOption(option.key) ? [] : rememberedCells(standingValue(option)))
  return { desired: { table: 'options', key, locator: null, cells }, base, warnings: [] }
}

function standingValue(option: DeclaredOption): [string, Cell][] {
  if (option.kind === 'merge') return [['value', JSON.stringify(option.entries)]]
  return standingCells(new Map([['value', option.cell]]))
}

function mergedMap(
  option: Extract<DeclaredOption, { kind: 'merge' }>,
  stored: string | null,
): string {
  if (stored === null || stored === '') {
    if (option.otherwise !== null) return JSON.stringify(option.otherwise)
    throw new TidegateError(
      'seed',
      `the option ${option.key} has no row; creating one with a few members would replace the gateway's whole built-in map`,
      {
        nextStep:
          'save the map once in the admin page, or give the seed the full map (`otherwise`)',
      },
    )
  }
  const merge = mergeOptionMap(stored, option.entries)
  if (merge.kind !== 'invalid') return merge.text
  throw new TidegateError('seed', `the option ${option.key} does not hold a JSON map`, {
    nextStep: 'correct it in the admin page; the gateway cannot read it either',
  })
}
