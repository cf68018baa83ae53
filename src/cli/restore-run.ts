import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { Settings } from '../config/settings.ts'
import type { DatabaseReader, SqliteTarget, Target } from '../database/contract.ts'
import type { RestorePointFile, Restored } from '../database/sqlite/restore.ts'
import { TidegateError } from '../errors.ts'
import { escapeText } from '../report/escape.ts'
import { confirm } from './confirm.ts'
import type { Context } from './context.ts'
import { type RecordedPoint, readRecordedPoints } from './recorded-points.ts'
import { openSide } from './sides.ts'

interface KnownPoint extends RestorePointFile {
  /** The run that made it, as far as the file still knows. */
  readonly run: string | null
  readonly command: string | null
}

const LIST = 'see `tidegate restore --list`'

/** What `restore` does. */
export async function runRestore(context: Context): Promise<void> {
  const settings = await context.settings()
  const { target } = settings
  if (target.dialect === 'postgres') throw await leftToThePlatform(settings, target)
  // Loads the driver.
  const { listRestorePoints, restoreFile } = await import('../database/sqlite/restore.ts')
  const points = listRestorePoints(target)
  if (context.flag('list')) {
    printList(context, target, await withRuns(settings, target, points))
    return
  }
  const point = choose(context, target, points)
  await assertGateway(settings, target, point)
  if (!(await confirm(context, question(target, point)))) {
    context.output.text('nothing was changed')
    return
  }
  printRestored(context, target, point, await restoreFile(target, point))
}

/** By file name, path, time as in the name, or time as it is listed; the newest when not named. */
function choose(
  context: Context,
  { label }: SqliteTarget,
  points: readonly RestorePointFile[],
): RestorePointFile {
  const wanted = context.string('point') ?? context.number('point')?.toString()
  const [newest] = points
  if (newest === undefined) {
    throw new TidegateError('restore', `${label} has no restore point`, {
      nextStep: 'a run that writes makes one first, unless the configuration says otherwise',
    })
  }
  if (wanted === undefined) return newest
  const found = points.find(({ path, name, at }) => {
    const stamp = name.split('.').at(-2)
    return [name, at, stamp].includes(wanted) || path === resolve(context.cwd, wanted)
  })
  if (found !== undefined) return found
  throw new TidegateError('restore', `${label} has no restore point of that name`, {
    nextStep: LIST,
  })
}

async function assertGateway(
  settings: Settings,
  target: SqliteTarget,
  { path, name }: RestorePointFile,
): Promise<void> {
  const tables = await reading(settings, { ...target, path, label: name }, async (reader) =>
    reader.catalog(),
  )
  if (tables.has('channels') || tables.has('tidegate_runs')) return
  throw new TidegateError('restore', `${name} is no copy of a gateway's database`, {
    nextStep: LIST,
  })
}

function question({ path, label }: SqliteTarget, { at, bytes }: RestorePointFile): string {
  const kept = existsSync(path) ? ' What is there now is kept as one more restore point.' : ''
  return `Put ${label} back to ${at} (${sizeOf(bytes)})?${kept}`
}

function printRestored(
  { output }: Context,
  { label }: SqliteTarget,
  { name, at }: RestorePointFile,
  { kept, setAside }: Restored,
): void {
  output.data({ command: 'restore', point: name, at, kept, setAside })
  const lines = [`${escapeText(label)} is as it was at ${at}`]
  if (kept !== null) lines.push(`what was there is kept: ${escapeText(basename(kept))}`)
  if (setAside !== null) lines.push(`it was damaged, and is now ${escapeText(setAside)}`)
  output.text(lines.join('\n'))
}

function printList(
  { output }: Context,
  { label }: SqliteTarget,
  points: readonly KnownPoint[],
): void {
  output.data({ command: 'restore', database: label, points })
  const lines = points.map(({ name, at, bytes, run, command }) =>
    [at, sizeOf(bytes).padStart(10), name, run === null ? '' : `before ${command}, run ${run}`]
      .map(escapeText)
      .join('  ')
      .trimEnd(),
  )
  output.text(lines.length === 0 ? 'no restore point' : lines.join('\n'))
}

async function withRuns(
  settings: Settings,
  target: SqliteTarget,
  points: readonly RestorePointFile[],
): Promise<KnownPoint[]> {
  const recorded = await recordedIn(settings, target)
  return points.map((point) => {
    const maker = recorded.find(
      (one) => one.point.kind === 'file' && basename(one.point.path) === point.name,
    )
    return { ...point, run: maker?.run ?? null, command: maker?.command ?? null }
  })
}

/** A list is wanted most where the file is damaged or gone. */
async function recordedIn(settings: Settings, target: SqliteTarget): Promise<RecordedPoint[]> {
  try {
    return await reading(settings, target, readRecordedPoints)
  } catch (error) {
    if (error instanceof TidegateError) return []
    throw error
  }
}

const SHOWN_POSITIONS = 5

async function leftToThePlatform(settings: Settings, target: Target): Promise<TidegateError> {
  const points = (await reading(settings, target, readRecordedPoints)).slice(0, SHOWN_POSITIONS)
  const lines = points.flatMap(({ run, command, point }) =>
    point.kind === 'position'
      ? [`  - ${point.at}, WAL position ${point.lsn}: before ${command}, run ${run}`]
      : [],
  )
  const known = lines.length === 0 ? '; no run has recorded where it began' : ', to one of these:'
  return new TidegateError(
    'restore',
    [`a PostgreSQL server restores itself${known}`, ...lines].join('\n'),
    {
      nextStep:
        "use the platform's point-in-time recovery; `tidegate undo` takes back what one run wrote",
      details: { points },
    },
  )
}

async function reading<T>(
  settings: Settings,
  target: Target,
  body: (reader: DatabaseReader) => Promise<T>,
): Promise<T> {
  const reader = await openSide(settings, target, 'restore')
  try {
    return await body(reader)
  } finally {
    await reader.close()
  }
}

function sizeOf(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB']
  const power = bytes === 0 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1)
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`
}
