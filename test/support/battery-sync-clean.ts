import type { PostgresTarget, SqliteTarget } from '../../src/database/contract.ts'
import { type Call, runHere } from './battery-run.ts'
import { type CaseDatabase, copySqlite } from './battery-start.ts'
import { watchStatements } from './battery-statements.ts'
import { type SyncReport, type SyncWorld, variables } from './battery-sync.ts'
import {
  describeMessage,
  startFaultProxy,
  type FrontendMessage,
  type FrontendVerdict,
} from './fault-proxy.ts'
import { readContents } from './oracle-read.ts'
import { SyncOracle } from './oracle-sync.ts'
import { Recorder } from './oracle.ts'

/** An undisturbed run, watched from outside, is what every other one is measured by. */

/** One message of an undisturbed run. */
export interface SeenMessage {
  readonly connection: number
  readonly number: number
  readonly text: string
}

export interface CleanSync<Point> {
  readonly oracle: SyncOracle
  readonly points: readonly Point[]
}

/** The side of production, where connections can be cut. */
export function productionOf(world: SyncWorld, database: CaseDatabase): PostgresTarget {
  return (world.command === 'pull' ? world.from : database.target) as PostgresTarget
}

/** The same call with production behind a proxy. */
export function throughProxy(call: Call, target: PostgresTarget): Call {
  return { ...call, env: { ...call.env, ...variables('PRODUCTION_', target) } }
}

export async function cleanCuts(world: SyncWorld): Promise<CleanSync<SeenMessage>> {
  const database = await world.create()
  const before = await readContents(database.target)
  const recorder = new Recorder(world.inserted)
  const points: SeenMessage[] = []
  const judge = async (message: FrontendMessage): Promise<FrontendVerdict> => {
    // Only a transaction that has ended can have changed what others see.
    if (/^(?:startup|Q commit)/.test(points.at(-1)?.text ?? 'startup')) {
      await recorder.look(database.target)
    }
    const { connection, number } = message
    points.push({ connection, number, text: describeMessage(message) })
    return 'forward'
  }
  const call = await world.call(database)
  const proxy = await startFaultProxy(productionOf(world, database), { judge })
  try {
    await assertDone(throughProxy(call, proxy.target))
    await recorder.look(database.target)
    return { oracle: new SyncOracle(world, before, recorder.states), points }
  } finally {
    await proxy.close()
    await database.drop()
  }
}

/** Its points are the numbers of the statements that can write, and of the end. */
export async function cleanStatements(world: SyncWorld): Promise<CleanSync<number>> {
  const database = await world.create()
  const target = database.target as SqliteTarget
  const before = await readContents(target)
  const copies: CaseDatabase[] = [copySqlite(target)]
  let statements = 0
  let wasInTransaction = false
  try {
    const call = await world.call(database)
    await watchWriter(
      target,
      ({ inTransaction }) => {
        statements += 1
        if (wasInTransaction && !inTransaction) copies.push(copySqlite(target))
        wasInTransaction = inTransaction
      },
      () => assertDone(call),
    )
    const recorder = new Recorder(world.inserted)
    for (const copy of copies) await recorder.look(copy.target)
    await recorder.look(target)
    const points = Array.from({ length: statements + 1 }, (_, index) => index)
    return { oracle: new SyncOracle(world, before, recorder.states), points }
  } finally {
    for (const copy of copies) await copy.drop()
    await database.drop()
  }
}

/** Calls `before` each statement of the handles that can write; their cache is small. */
export function watchWriter<T>(
  { path }: SqliteTarget,
  before: (handle: { readonly inTransaction: boolean }) => void,
  body: () => Promise<T>,
): Promise<T> {
  return watchStatements(
    path,
    {
      before: (handle) => {
        if (!handle.readonly) before(handle)
      },
      // Half-done steps get into the file.
      opened: (handle) => {
        if (!handle.readonly) handle.pragma('cache_size = 4')
      },
    },
    body,
  )
}

/** Without any watching: what a run leads to, where only before and after matter. */
export async function cleanEnds(world: SyncWorld): Promise<SyncOracle> {
  const database = await world.create()
  const recorder = new Recorder(world.inserted)
  const before = await readContents(database.target)
  await recorder.look(database.target)
  await assertDone(await world.call(database))
  await recorder.look(database.target)
  await database.drop()
  return new SyncOracle(world, before, recorder.states)
}

async function assertDone(call: Call): Promise<void> {
  const { code, report, problems } = await runHere<SyncReport>(call)
  if (code === 0 && problems.length === 0) return
  const said = report?.error?.message ?? problems.join(', ')
  throw new Error(`an undisturbed ${call.args[0]} ended with ${code}: ${said}`)
}
