import { mkdtemp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DialectName, Target } from '../../src/database/contract.ts'
import { type Call, type Ended, runHere } from './battery-run.ts'
import { makeSide, setJournal, type Side } from './battery-sync-start.ts'
import { AGREED, CHANGES, NEW_ROWS, OTHERS } from './battery-sync-rows.ts'
import type { CaseDatabase } from './battery-start.ts'
import { createProject, SEED_ENV } from './cli.ts'
import type { Inserted } from './oracle-state.ts'
import type { PostgresServer } from './postgres.ts'
import { executeRaw, queryRaw } from './raw.ts'

/** The commands that carry rows from one side to the other, each with a pair of databases. */

export const SYNC_COMMANDS = ['push', 'apply', 'pull', 'undo', 'copy'] as const

export type SyncCommand = (typeof SYNC_COMMANDS)[number]

/** What a run says with `--json`. */
export interface SyncReport {
  readonly status?: string
  readonly drift?: { readonly status: string }
}

export type Synced = Ended<SyncReport>

/** How a run may end on a database that is as the first one left it. */
export interface Expected {
  readonly code: number
  readonly status: string | undefined
}

export interface SyncWorld {
  readonly command: SyncCommand
  /** Of the rows that the command inserts. */
  readonly inserted: Inserted
  /** How often the contents change between before and after: once, or with each migration. */
  readonly steps: number
  /** Of the side that is only read. */
  readonly from: Target
  readonly again: Expected
  create(): Promise<CaseDatabase>
  /** The command on a database that `create` made, or on a copy of its files. */
  call(database: CaseDatabase): Promise<Call>
  drop(): Promise<void>
}

export interface WorldOptions {
  readonly command: SyncCommand
  /** Of production. */
  readonly dialect: DialectName
  readonly server: PostgresServer
  readonly journal?: 'delete' | 'wal'
}

const AGAIN: Readonly<Record<SyncCommand, Expected>> = {
  push: { code: 0, status: 'settled' },
  pull: { code: 0, status: 'settled' },
  undo: { code: 0, status: 'settled' },
  apply: { code: 2, status: 'stale' },
  // The target is not empty any more.
  copy: { code: 1, status: undefined },
}

/** Four migrations, and the rows. */
const STEPS_OF_COPY = 5

const FINGERPRINT_KEY = 'made-up-fingerprint-key-0123456789abcdef'

const NEW_KEY = 'sk-test-fresh-0123456789abcdef'

export async function makeWorld(options: WorldOptions): Promise<SyncWorld> {
  const { command, dialect, server, journal = 'delete' } = options
  const from = await makeSide(command === 'pull' ? dialect : 'sqlite', server)
  const to = await makeSide(command === 'pull' ? 'sqlite' : dialect, server, command === 'copy')
  const project = await createProject()
  const base = { cwd: project.folder, from, to, command }
  await executeRaw(from.target, AGREED)
  const args = command === 'copy' ? await prepareCopy(base) : await prepareSync(base)
  if (command !== 'copy') setJournal(to.target, journal)
  const start = await to.startState()
  return {
    command,
    inserted: command === 'undo' || command === 'copy' ? {} : NEW_ROWS,
    steps: command === 'copy' ? STEPS_OF_COPY : 1,
    from: from.target,
    again: AGAIN[command],
    create: () => start.create(),
    call: caller(base, args),
    drop: async () => {
      await start.drop()
      await from.drop()
      await project.remove()
    },
  }
}

/** A plan is for one database, and for the copies of one file. */
function caller({ command, cwd, from }: Preparation, args: readonly string[]): SyncWorld['call'] {
  const plans = new Map<string, string>()
  return async (database) => {
    const env = envOf(command, from.target, database)
    if (command !== 'apply') return { args, cwd, env }
    const { dialect, label } = database.target
    const name = dialect === 'sqlite' ? dialect : label
    const file = plans.get(name) ?? (await makePlan(cwd, env))
    plans.set(name, file)
    return { args: ['apply', file, '--json'], cwd, env }
  }
}

interface Preparation {
  readonly command: SyncCommand
  readonly cwd: string
  readonly from: Side
  readonly to: Side
}

async function prepareCopy({ from }: Preparation): Promise<readonly string[]> {
  await executeRaw(from.target, CHANGES)
  return ['copy', '--yes', '--json']
}

/** Both sides have agreed once, so that the rows are tidegate's, and then the left one changes. */
async function prepareSync({ command, cwd, from, to }: Preparation): Promise<readonly string[]> {
  const env = envOf(command, from.target, to)
  const carry = command === 'pull' ? 'pull' : 'push'
  const run = async (...args: string[]): Promise<void> => {
    const { code, report } = await runHere({ args, cwd, env })
    if (code !== 0) throw new Error(`${args.join(' ')} failed: ${report?.error?.message}`)
  }
  await executeRaw(to.target, OTHERS)
  await run('migrate', 'up', '--json', '--env', carry === 'pull' ? 'local' : 'production')
  await run(carry, '--yes', '--json')
  await executeRaw(from.target, CHANGES)
  const args = [carry, '--delete', '--yes', '--json']
  if (command !== 'undo') return args
  await run(...args)
  const [[id] = []] = await queryRaw(to.target, 'select max(id) from tidegate_runs')
  return ['undo', String(id), '--env', 'production', '--yes', '--json']
}

async function makePlan(cwd: string, env: Call['env']): Promise<string> {
  const file = join(await mkdtemp(join(cwd, 'plan-')), 'plan.json')
  const secret = ['--secret', 'channels/new=env:NEW_KEY']
  const args = ['plan', '--delete', '--json', '--output', file, ...secret]
  const { code, report } = await runHere({ args, cwd, env })
  if (code !== 2) throw new Error(`plan ended with ${code}: ${report?.error?.message}`)
  if (/sk-test-/.test(await readFile(file, 'utf8'))) throw new Error('a secret is in the plan')
  return file
}

function envOf(
  command: SyncCommand,
  from: Target,
  { target: to }: Pick<CaseDatabase, 'target'>,
): Record<string, string> {
  const [local, production] = command === 'pull' ? [to, from] : [from, to]
  return {
    ...SEED_ENV,
    ...variables('LOCAL_', local),
    ...variables('PRODUCTION_', production),
    TIDEGATE_FINGERPRINT_KEY: FINGERPRINT_KEY,
    NEW_KEY,
  }
}

/** The variables that lead to a target. */
export function variables(prefix: string, target: Target): Record<string, string> {
  if (target.dialect === 'sqlite') return { [`${prefix}SQLITE_PATH`]: target.path }
  const { user, password, host, port, database } = target
  const login = `${user}:${encodeURIComponent(password?.reveal() ?? '')}`
  return { [`${prefix}SQL_DSN`]: `postgres://${login}@${host}:${port}/${database}?sslmode=disable` }
}
