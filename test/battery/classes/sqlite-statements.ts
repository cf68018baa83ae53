import { existsSync } from 'node:fs'
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
import { cleanSqlite } from '../../support/battery-clean.ts'
import { deployHere } from '../../support/battery-deploy.ts'
import { copySqlite, sqliteStart, type CaseDatabase } from '../../support/battery-start.ts'
import { watchStatements } from '../../support/battery-statements.ts'
import type { Oracle } from '../../support/oracle.ts'

/** How the file keeps its journal, and whether half-done steps get into the file at all. */
const VARIANTS = [
  { name: 'rollback journal', journal: 'delete', spills: false },
  { name: 'rollback journal, small cache', journal: 'delete', spills: true },
  { name: 'write-ahead log, small cache', journal: 'wal', spills: true },
] as const

type Variant = (typeof VARIANTS)[number]

async function runVariant(variant: Variant, scale: number, random: Random): Promise<CaseResult[]> {
  const states = await sqliteStart({ start: 'guide', channels: 8, journal: variant.journal })
  const { oracle, statements } = await cleanSqlite(states)
  const all = Array.from({ length: statements + 1 }, (_, index) => index)
  const chosen = scale === 1 ? all : sample(all, scale, random)
  const database = await states.create()
  const copies = await copyAt(database, variant, new Set(chosen))
  const cases: CaseResult[] = []
  for (const [index, copy] of copies) {
    cases.push(await checkCopy(`${variant.name}, before statement ${index + 1}`, copy, oracle))
  }
  if (cases.length !== chosen.length) throw new Error('a deploy took another number of statements')
  await database.drop()
  await states.drop()
  return cases
}

/** Deploys, and copies the files before the statements of these numbers, as a crash leaves them. */
async function copyAt(
  database: CaseDatabase,
  { spills }: Variant,
  chosen: ReadonlySet<number>,
): Promise<Map<number, CaseDatabase>> {
  const target = database.target as SqliteTarget
  const copies = new Map<number, CaseDatabase>()
  let statements = 0
  const copy = () => {
    if (chosen.has(statements)) copies.set(statements, copySqlite(target))
    statements += 1
  }
  await watchStatements(
    target.path,
    {
      before: copy,
      opened: (handle) => {
        if (spills) handle.pragma('cache_size = 4')
      },
    },
    () => deployHere(database),
  )
  copy()
  return copies
}

/** Whether half of a step is in the file, or may be: SQLite must take it back. */
function isHot({ target }: CaseDatabase): boolean {
  const { path } = target as SqliteTarget
  return ['-journal', '-wal'].some((suffix) => existsSync(path + suffix))
}

function checkCopy(name: string, copy: CaseDatabase, oracle: Oracle): Promise<CaseResult> {
  return runCase(name, async (problems) => {
    try {
      const hot = isHot(copy) ? ' with a journal' : ''
      const step = await oracle.checkFault(copy.target, problems)
      await oracle.checkRecovery(copy, problems)
      return `after ${step}${hot}`
    } finally {
      await copy.drop()
    }
  })
}

export const sqliteStatements: FaultClass = {
  name: 'sqlite copied at every statement boundary',
  describe:
    'The database is copied with its journal before each statement and after the last, as a crash would leave it: with a rollback journal, with one and a cache so small that half-done steps reach the file, and with a write-ahead log.',
  async run({ scale, seed }: BatteryInput) {
    const random = seededRandom(seed, 'statements')
    const cases: CaseResult[] = []
    for (const variant of VARIANTS) cases.push(...(await runVariant(variant, scale, random)))
    return summarise(cases)
  },
}
