import { createHash } from 'node:crypto'
import type { Variables } from '../config/variables.ts'
import { ConfigError, type ConfigFault, TidegateError } from '../errors.ts'
import { joinList } from '../gateway/lists.ts'
import type { OptionMapEntries } from '../gateway/options.ts'
import { Secret } from '../secret.ts'
import type { Cell } from '../snapshot/model.ts'
import {
  CHANNEL_STATUSES,
  type ChannelSeed,
  type OptionSeed,
  type SymbolicChannelType,
} from './define.ts'
import type { SeedFile } from './files.ts'
import { type InputReading, isUnset, type MissingInputs, readInputs } from './inputs.ts'

/** What one cell must hold and when. */
export type DeclaredCell =
  | { readonly policy: 'ensure' | 'initial'; readonly value: Cell }
  | { readonly policy: 'include'; readonly elements: readonly string[] }
  | { readonly policy: 'secret'; readonly secret: Secret; readonly when: 'ensure' | 'initial' }

export interface DeclaredChannel {
  readonly id: string
  readonly type: number | SymbolicChannelType
  readonly name: string
  /** Every declared column but `type`. */
  readonly cells: ReadonlyMap<string, DeclaredCell>
}

export type DeclaredOption =
  | { readonly key: string; readonly kind: 'value'; readonly cell: DeclaredCell }
  | {
      readonly key: string
      readonly kind: 'merge'
      readonly entries: OptionMapEntries
      readonly otherwise: OptionMapEntries | null
    }

export interface DeclaredSeed {
  readonly name: string
  readonly description: string
  readonly channels: readonly DeclaredChannel[]
  readonly options: readonly DeclaredOption[]
  /** SHA-256 (hex) of everything declared but the secrets. */
  readonly checksum: string
  readonly secrets: readonly Secret[]
  /** Which variable each of them came from. */
  readonly variables: ReadonlyMap<Secret, string>
  readonly warnings: readonly string[]
}

/**
 * Resolves the inputs of every seed and validates what they declare, before anything is connected.
 * @throws ConfigError naming every variable that is missing or wrong, of all seeds at once. With
 *   `leave-out`, cells that depend on a variable that is not set are not declared instead.
 */
export function declareSeeds(
  files: readonly SeedFile[],
  variables: Variables,
  root: string,
  missing: MissingInputs = 'refuse',
): DeclaredSeed[] {
  const readings = files.map((file) => readInputs(file.seed.inputs, variables, root, missing))
  const faults = readings.flatMap((reading) => reading.faults)
  if (faults.length > 0) {
    throw new ConfigError(uniqueFaults(faults), 'set the variables, in the environment or in .env')
  }
  return files.map((file, index) => declareSeed(file, readings[index]!))
}

function uniqueFaults(faults: readonly ConfigFault[]): ConfigFault[] {
  return [...new Map(faults.map((fault) => [`${fault.source}\n${fault.problem}`, fault])).values()]
}

function declareSeed({ name, seed }: SeedFile, reading: InputReading): DeclaredSeed {
  const rows = seed.rows(reading.values)
  const channels = (rows.channels ?? []).map((channel) => declareChannel(name, channel))
  const options = (rows.options ?? [])
    .map(declareOption)
    .filter((option) => option.kind === 'merge' || isKnown(option.cell))
  assertUnique(
    name,
    channels.map(({ id }) => id),
  )
  assertUnique(
    name,
    options.map(({ key }) => key),
  )
  return {
    name,
    description: seed.description,
    channels,
    options,
    checksum: checksumOf({ channels, options }),
    secrets: [...reading.secrets.keys()],
    variables: reading.secrets,
    warnings: reading.warnings,
  }
}

function assertUnique(seed: string, ids: readonly string[]): void {
  if (new Set(ids).size === ids.length) return
  throw new TidegateError('seed', `the seed ${seed} declares the same row twice`, {
    nextStep: 'give every channel its own `id` and every option its own `key`',
  })
}

function declareChannel(seed: string, channel: ChannelSeed): DeclaredChannel {
  const { id, type, ...fields } = channel
  if (isUnset(channel.name)) throw unnamed(seed, `the channel ${id}`)
  if (!/^[a-z0-9-]+$/.test(id)) {
    throw new TidegateError('seed', `the seed ${seed} has a channel whose id is no simple word`, {
      nextStep: 'use lower-case letters, digits and hyphens',
    })
  }
  const cells = new Map(
    Object.entries(fields)
      .map(([column, field]): [string, DeclaredCell] => [column, declareField(column, field)])
      .filter(([, cell]) => isKnown(cell)),
  )
  return { id, type, name: channel.name, cells }
}

function unnamed(seed: string, what: string): TidegateError {
  return new TidegateError('seed', `the seed ${seed} does not say which row ${what} is`, {
    nextStep: 'set the variable that its name comes from',
  })
}

/** Whether it is declared by inputs that are set. */
function isKnown(cell: DeclaredCell): boolean {
  if (cell.policy === 'secret') return !isUnset(cell.secret)
  if (cell.policy === 'include') return !cell.elements.some(isUnset)
  return cell.value === null || !isUnset(cell.value)
}

function declareField(column: string, field: unknown): DeclaredCell {
  if (isKeyed(field, 'include'))
    return { policy: 'include', elements: assertList(column, field.include) }
  const isInitial = isKeyed(field, 'initial')
  const when = isInitial ? 'initial' : 'ensure'
  const value = isInitial ? field.initial : field
  if (value instanceof Secret) return { policy: 'secret', secret: value, when }
  return { policy: when, value: toCell(column, value) }
}

function isKeyed<K extends string>(field: unknown, key: K): field is Record<K, unknown> {
  return typeof field === 'object' && field !== null && !(field instanceof Secret) && key in field
}

function toCell(column: string, value: unknown): Cell {
  if (column === 'status') return toStatus(value)
  if (Array.isArray(value)) return joinList(assertList(column, value))
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
  if (typeof value === 'string') return value
  throw new TidegateError('seed', `a seed declares ${column} as something that is no value`, {
    nextStep: 'use a string, a whole number, a list of strings or a secret input',
  })
}

function toStatus(word: unknown): Cell {
  const status = Object.entries(CHANNEL_STATUSES).find(([name]) => name === word)
  if (status !== undefined) return status[1]
  const words = Object.keys(CHANNEL_STATUSES).join(' or ')
  throw new TidegateError('seed', 'a seed declares status as something that is no status', {
    nextStep: `write ${words}`,
  })
}

/** Elements must survive the gateway's own splitting. */
function assertList(column: string, elements: unknown): readonly string[] {
  const isElement = (value: unknown): value is string =>
    typeof value === 'string' && value !== '' && value === value.trim() && !/[,，]/.test(value)
  if (Array.isArray(elements) && elements.length > 0 && elements.every(isElement)) {
    return [...new Set(elements)]
  }
  throw new TidegateError(
    'seed',
    `a seed declares ${column} as a list that is empty or not clean`,
    {
      nextStep: 'list names without commas and without spaces around them',
    },
  )
}

function declareOption(option: OptionSeed): DeclaredOption {
  if ('merge' in option) {
    const otherwise = 'otherwise' in option ? { ...option.otherwise, ...option.merge } : null
    return { key: option.key, kind: 'merge', entries: option.merge, otherwise }
  }
  const cell = declareField('value', option.value)
  if (cell.policy === 'secret') {
    throw new TidegateError('seed', `the option ${option.key} is declared with a secret`, {
      nextStep: 'set options that hold secrets in the gateway itself',
    })
  }
  return { key: option.key, kind: 'value', cell }
}

function checksumOf(declared: object): string {
  const text = JSON.stringify(declared, (_name, value: unknown) =>
    value instanceof Map ? Object.fromEntries(value) : value,
  )
  return createHash('sha256').update(text).digest('hex')
}
