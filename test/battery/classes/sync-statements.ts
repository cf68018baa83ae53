import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import type { SqliteTarget } from '../../../src/database/contract.ts'
import {
  runCase,
  sample,
  seededRandom,
  summarise,
  type BatteryInput,
  type CaseResult,
  type FaultClass,
  type Random,
} from '../../support/battery.ts'
import { runHere } from '../../support/battery-run.ts'
import { copySqlite, type CaseDatabase } from '../../support/battery-start.ts'
import {
  makeWorld,
  SYNC_COMMANDS,
  type SyncCommand,
  type SyncWorld,
} from '../../support/battery-sync.ts'
import { cleanStatements, watchWriter } from '../../support/battery-sync-clean.ts'
import type { SyncOracle } from '../../support/oracle-sync.ts'

/** How the file keeps its journal, and which share of its statements the whole battery takes. */
const VARIANTS = [
  { name: 'rollback journal', journal: 'delete', share: 1 },
  { name: 'write-ahead log', journal: 'wal', share: 0.5 },
] as const

const FEWEST = 3

async function runVariant(
  world: SyncWorld,
  name: string,
  { share, random }: { readonly share: number; readonly random: Random },
): Promise<CaseResult[]> {
  const { oracle, points } = await cleanStatements(world)
  const chosen = share === 1 ? points : sample(points, share, random, FEWEST)
  const database = await world.create()
  const copies = await copyAt(world, database, new Set(chosen))
  const cases: CaseResult[] = []
  const known = new Map<string, CaseResult>()
  for (const [index, copy] of copies) {
    const files = digestOf(copy)
    const result =
      known.get(files) ?? (await checkCopy(`${name}, before statement ${index + 1}`, copy, oracle))
    known.set(files, result)
    cases.push(result)
    await copy.drop()
  }
  if (cases.length !== chosen.length) throw new Error('a run took another number of statements')
  await database.drop()
  return cases
}

/** Runs, and copies the files before the statements of these numbers, as a crash leaves them. */
async function copyAt(
  world: SyncWorld,
  database: CaseDatabase,
  chosen: ReadonlySet<number>,
): Promise<Map<number, CaseDatabase>> {
  const target = database.target as SqliteTarget
  const copies = new Map<number, CaseDatabase>()
  let statements = 0
  const copy = () => {
    if (chosen.has(statements)) copies.set(statements, copySqlite(target))
    statements += 1
  }
  const call = await world.call(database)
  await watchWriter(target, copy, () => runHere(call))
  copy()
  return copies
}

function checkCopy(name: string, copy: CaseDatabase, oracle: SyncOracle): Promise<CaseResult> {
  return runCase(name, async (problems) => {
    const hot = isHot(copy) ? ' with a journal' : ''
    const found = await oracle.checkFault(copy.target, problems)
    await oracle.checkRecovery(copy, found, problems)
    return `${found}${hot}`
  })
}

/** Many statements only read: what they would leave behind is looked at once. */
function digestOf({ target }: CaseDatabase): string {
  const { path } = target as SqliteTarget
  const hash = createHash('sha256')
  for (const tail of ['', '-journal', '-wal']) {
    hash.update(existsSync(path + tail) ? readFileSync(path + tail) : '').update('|')
  }
  return hash.digest('hex')
}

/** Whether half of a step is in the file, or may be: SQLite must take it back. */
function isHot({ target }: CaseDatabase): boolean {
  const { path } = target as SqliteTarget
  return ['-journal', '-wal'].some((suffix) => existsSync(path + suffix))
}

async function runStatements(command: SyncCommand, { scale, seed, server }: BatteryInput) {
  const random = seededRandom(seed, `statements ${command}`)
  const cases: CaseResult[] = []
  for (const { name, journal, share } of VARIANTS) {
    // A new file has no log, and a smaller battery one kind of file.
    if (journal === 'wal' && (command === 'copy' || scale < 1)) continue
    const world = await makeWorld({ command, dialect: 'sqlite', server, journal })
    cases.push(...(await runVariant(world, name, { share: share * scale, random })))
    await world.drop()
  }
  return summarise(cases)
}

export const syncStatements: readonly FaultClass[] = SYNC_COMMANDS.map((command) => ({
  name: `${command}: copied at every statement boundary`,
  describe: `The SQLite file that ${command} writes is copied with its journal before each statement and after the last, as a crash would leave it, with a cache so small that half-done steps reach the file.`,
  run: (input) => runStatements(command, input),
}))
