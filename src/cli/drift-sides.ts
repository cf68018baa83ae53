import { statSync } from 'node:fs'
import {
  appliedBase,
  type Base,
  inOrder,
  type RememberedRow,
  readRemembered,
  snapshotBase,
  toBaseLine,
} from '../drift/base.ts'
import type { Settings } from '../config/settings.ts'
import type { DatabaseReader } from '../database/contract.ts'
import { TidegateError } from '../errors.ts'
import { openDatabaseSource } from '../snapshot/database-source.ts'
import { readSnapshot, type Snapshot, snapshotSource } from '../snapshot/file-source.ts'
import type { Fingerprinter } from '../snapshot/fingerprint.ts'
import { maskSecrets } from '../snapshot/mask.ts'
import type { Source } from '../snapshot/source.ts'
import type { Context } from './context.ts'
import { readFingerprinter } from './fingerprint-key.ts'
import { openSide, resolveSide, type RowSide, type Side } from './sides.ts'

/** One run of a comparison. */
export interface Run {
  readonly context: Context
  readonly settings: Settings
  /** Everything that was opened, to be closed at the end. */
  readonly readers: { close(): Promise<void> }[]
}

/** The file of a side that is one. */
export async function loadFile(side: Side): Promise<Snapshot | null> {
  return side.kind === 'snapshot' ? readSnapshot(side.path, side.name) : null
}

/** Fingerprints mean something only where all sides were made with the same key. */
export function sharedFingerprinter(
  context: Context,
  settings: Settings,
  files: readonly (Snapshot | null)[],
): Fingerprinter | null {
  const fingerprinter = readFingerprinter(context, settings)
  const isShared = files.every(
    (file) => file === null || file.header.fingerprintKey === (fingerprinter?.keyId ?? null),
  )
  if (isShared || fingerprinter === null) return isShared ? fingerprinter : null
  context.output.warn(
    'a snapshot was made with another fingerprint key: secrets are only compared as set or empty',
  )
  return null
}

/** A side whose rows can be read. */
export interface OpenSide {
  readonly source: Source
  readonly reader: DatabaseReader | null
  readonly snapshot: Snapshot | null
}

export async function openRows(
  { settings, readers }: Run,
  side: RowSide,
  snapshot: Snapshot | null,
  fingerprinter: Fingerprinter | null,
): Promise<OpenSide> {
  if (side.kind === 'snapshot') {
    const source = snapshotSource(side.name, snapshot!)
    return { source, reader: null, snapshot }
  }
  const reader = await openSide(settings, side.target, 'drift')
  readers.push(reader)
  const source = await openDatabaseSource(side.name, reader, fingerprinter)
  return { source, reader, snapshot: null }
}

/** Below this a thread takes more time to start than it saves. */
const LARGE_BYTES = 32 * 1024 * 1024

/** The left side, which only has to be read: a large file in a thread of its own. */
export async function openLeft(
  run: Run,
  side: RowSide,
  snapshot: Snapshot | null,
  fingerprinter: Fingerprinter | null,
): Promise<Source> {
  if (side.kind === 'snapshot' || side.target.dialect !== 'sqlite' || !isLarge(side.target.path)) {
    return (await openRows(run, side, snapshot, fingerprinter)).source
  }
  const { openThreadSource } = await import('./thread/thread-source.ts')
  const { name, target } = side
  const thread = await openThreadSource({ name, target, key: fingerprinter?.key ?? null })
  run.readers.push(thread)
  return thread.source
}

function isLarge(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= LARGE_BYTES
}

/** What a left database remembers of its last pulls from the environment on the right. */
export async function readPulled(
  { settings }: Run,
  side: Side,
  environment: string,
): Promise<RememberedRow[]> {
  if (side.kind !== 'database') return []
  const reader = await openSide(settings, side.target, 'drift')
  try {
    const rows = await readRemembered(reader, await reader.catalog())
    return rows.filter(({ seed }) => seed === `pull:${environment}`)
  } finally {
    await reader.close()
  }
}

/**
 * `--base FILE`, `--base none`, else what was last pulled from the right side, and what tidegate last
 * applied to it.
 */
export async function findBase(
  { context, settings }: Run,
  { source, reader, snapshot }: OpenSide,
  pulled: readonly RememberedRow[],
  fingerprinter: Fingerprinter | null,
): Promise<Base | null> {
  const named = context.string('base')
  if (named === 'none') return null
  if (named !== undefined) {
    const side = resolveSide(context, settings, named)
    if (side.kind !== 'snapshot') {
      throw new TidegateError('usage', '--base takes a snapshot file or none', {
        nextStep: 'for example: --base snapshots/production.jsonl',
      })
    }
    const file = await readSnapshot(side.path, side.name)
    const isShared = file.header.fingerprintKey === fingerprinter?.keyId
    const mask = maskSecrets(isShared ? fingerprinter : null)
    return snapshotBase(side.name, snapshotSource(side.name, file), mask)
  }
  const applied = reader === null ? [] : await readRemembered(reader, source.catalog)
  const lines = [...(snapshot?.base ?? []), ...inOrder([...applied, ...pulled]).map(toBaseLine)]
  if (lines.length === 0) return null
  const also = pulled.length === 0 ? '' : ', or was pulled from it'
  const label = `what tidegate last applied to ${source.name}${also}`
  return appliedBase(label, lines, maskSecrets(fingerprinter))
}
