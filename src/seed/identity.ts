import { TidegateError } from '../errors.ts'
import { compareCells } from '../gateway/cells.ts'
import { columnRule } from '../gateway/columns.ts'
import { cleanList } from '../gateway/lists.ts'
import { hideSecrets } from '../gateway/secret-scan.ts'
import type { Row } from '../snapshot/model.ts'

/** What a channel looks like to those who search for its row. */
export interface ChannelIdentity {
  /** Seed and row, for messages: `bltcy-channel`. */
  readonly seed: string
  readonly type: string
  readonly name: string
  readonly baseUrl: string | null
  readonly models: readonly string[]
}

export interface IdentityHints {
  /** Id recorded when this seed was last applied here. */
  readonly recordedId: string | null
  /** Id that a person named with `--adopt`. */
  readonly adoptId: string | null
}

export interface Identified {
  /** Null when the row must be created. */
  readonly row: Row | null
  readonly by: 'adopt' | 'recorded' | 'name' | 'likeness' | 'none'
  /** Other rows that look like it and are left alone. */
  readonly lookalikes: readonly Row[]
}

/**
 * Which row of the database a declared channel is: the one a person named, else the one recorded,
 * else the only one of its type and name, else the only one of its type that shares its base URL or
 * a model. Never a guess and never a second row.
 * @throws TidegateError `identity` with the candidates when that does not settle it.
 */
export function identifyChannel(
  identity: ChannelIdentity,
  candidates: readonly Row[],
  hints: IdentityHints,
): Identified {
  if (hints.adoptId !== null) return adopted(identity, candidates, hints.adoptId)
  const others = candidates.filter((row) => looksAlike(identity, row) && !hasType(identity, row))
  const found = (row: Row, by: Identified['by']): Identified => ({
    row,
    by,
    lookalikes: others.filter((other) => other !== row),
  })
  const recorded = candidates.find((row) => idOf(row) === hints.recordedId)
  if (recorded !== undefined && isStillIt(identity, recorded)) return found(recorded, 'recorded')
  const sameType = candidates.filter((row) => hasType(identity, row))
  const named = sameType.filter((row) => row.cells.get('name') === identity.name)
  if (named.length > 1) throw ambiguous(identity, named, 'carry its type and name')
  if (named[0] !== undefined) return found(named[0], 'name')
  const alike = sameType.filter((row) => sharesUrl(identity, row) || sharesModel(identity, row))
  if (alike.length + others.length > 1) {
    throw ambiguous(identity, [...alike, ...others], 'could be it')
  }
  if (others[0] !== undefined) throw otherType(identity, others[0])
  return alike[0] === undefined
    ? { row: null, by: 'none', lookalikes: [] }
    : found(alike[0], 'likeness')
}

function adopted(identity: ChannelIdentity, candidates: readonly Row[], id: string): Identified {
  const row = candidates.find((candidate) => idOf(candidate) === id)
  if (row !== undefined) return { row, by: 'adopt', lookalikes: [] }
  throw new TidegateError('identity', `--adopt: there is no channel with the id ${id}`, {
    nextStep: `list the channels, or leave --adopt out to create the row of ${identity.seed}`,
  })
}

/** A recorded id can be another channel today: SQLite gives the id of a deleted row away again. */
function isStillIt(identity: ChannelIdentity, row: Row): boolean {
  if (row.cells.get('name') === identity.name) return true
  return hasType(identity, row) && (sharesUrl(identity, row) || sharesModel(identity, row))
}

function looksAlike(identity: ChannelIdentity, row: Row): boolean {
  if (row.cells.get('name') === identity.name) return true
  return sharesUrl(identity, row) && sharesModel(identity, row)
}

function hasType({ type }: ChannelIdentity, row: Row): boolean {
  return row.cells.get('type') === type
}

function sharesUrl({ baseUrl }: ChannelIdentity, row: Row): boolean {
  if (baseUrl === null || baseUrl === '') return false
  const rule = columnRule('channels', 'base_url')
  return compareCells(rule, row.cells.get('base_url') ?? null, baseUrl) === 'equal'
}

function sharesModel({ models }: ChannelIdentity, row: Row): boolean {
  const theirs = new Set(cleanList(row.cells.get('models') ?? null))
  return models.some((model) => theirs.has(model))
}

function idOf(row: Row): string | undefined {
  return row.locator?.['id']
}

function ambiguous(identity: ChannelIdentity, rows: readonly Row[], how: string): TidegateError {
  return refusal(`${rows.length} channels ${how}`, identity, rows)
}

function otherType(identity: ChannelIdentity, row: Row): TidegateError {
  return refusal(`a channel that looks like it has another type than ${identity.type}`, identity, [
    row,
  ])
}

function refusal(problem: string, identity: ChannelIdentity, rows: readonly Row[]): TidegateError {
  const candidates = rows.map((row) => ({
    id: idOf(row) ?? '',
    type: row.cells.get('type') ?? '',
    name: hideSecrets(row.cells.get('name') ?? ''),
    status: row.cells.get('status') ?? '',
  }))
  const list = candidates.map(
    ({ id, type, name }) => `id ${id} (type ${type}, name ${JSON.stringify(name)})`,
  )
  return new TidegateError(
    'identity',
    `the seed ${identity.seed} wrote nothing: ${problem}: ${list.join(', ')}`,
    {
      nextStep: `say which one it is with --adopt ID, for example --adopt ${candidates[0]?.id ?? 'ID'}, or rename the others in the gateway's admin page`,
      details: { seed: identity.seed, type: identity.type, candidates },
    },
  )
}
