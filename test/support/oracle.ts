import { setTimeout as sleep } from 'node:timers/promises'
import type { PostgresTarget, Target } from '../../src/database/contract.ts'
import { deployHere } from './battery-deploy.ts'
import type { CaseDatabase } from './battery-start.ts'
import { type Contents, readContents } from './oracle-read.ts'
import {
  checkBooks,
  describeDifference,
  type Inserted,
  type State,
  toState,
} from './oracle-state.ts'
import { observe } from './battery-observer.ts'

/** The states that lie between the steps of an undisturbed deploy, from before it to after it. */
export class Oracle {
  readonly #states: readonly State[]
  readonly #names: readonly string[]

  constructor(states: readonly State[]) {
    this.#states = states
    this.#names = states.map(nameOf)
    if (states.length !== STEPS.length || this.#names.some((name, i) => name !== STEPS[i])) {
      throw new Error(`an undisturbed deploy went through: ${this.#names.join(', ')}`)
    }
  }

  /** Checks what a fault left behind. @returns the step after which it struck. */
  async checkFault(target: Target, problems: string[]): Promise<string> {
    const contents = await readContents(target)
    problems.push(...faults(contents))
    const state = toState(contents)
    const index = this.#states.findIndex(({ hash }) => hash === state.hash)
    if (index !== -1) return this.#names[index]!
    const nearest = this.#states.find((known) => nameOf(known) === nameOf(state))
    const difference = describeDifference(nearest ?? this.#states[0]!, state)
    problems.push(`the fault left half of a step:\n  ${difference}`)
    return 'half a step'
  }

  /** Checks that one more deploy ends what was begun, and that the next one writes nothing. */
  async checkRecovery(database: CaseDatabase, problems: string[]): Promise<void> {
    const rerun = await deployHere(database)
    problems.push(...rerun.problems)
    if (rerun.code !== 0) {
      problems.push(`the re-run ended with ${rerun.code}: ${rerun.report?.error?.message}`)
    }
    const contents = await this.#checkFinal(database.target, problems)
    const idle = await deployHere(database)
    problems.push(...idle.problems)
    if (idle.code !== 0 || idle.report?.status !== 'unchanged') {
      problems.push(`the second re-run ended with ${idle.code}, ${idle.report?.status}`)
    }
    const after = await readContents(database.target)
    if (after.stamp !== contents.stamp) problems.push('the second re-run wrote something')
    if (database.target.dialect === 'postgres') await checkSessions(database.target, problems)
  }

  /** Checks that the database is what an undisturbed deploy makes of it. */
  async #checkFinal(target: Target, problems: string[]): Promise<Contents> {
    const contents = await readContents(target)
    problems.push(...faults(contents))
    const state = toState(contents)
    const final = this.#states.at(-1)!
    if (state.hash !== final.hash) {
      problems.push(`the re-run did not converge:\n  ${describeDifference(final, state)}`)
    }
    return contents
  }
}

const STEPS = ['nothing', '0001', '0002', '0003', '0004', 'seed'] as const

/** The last step that the books name; whether its effect is there is what the hash says. */
function nameOf({ parts }: State): string {
  if ((parts.get('tidegate_seeds') ?? []).length > 0) return 'seed'
  return STEPS[(parts.get('tidegate_ledger') ?? []).length] ?? 'more than a deploy has'
}

/** What is wrong with a database whatever its state. */
export function faults(contents: Contents): string[] {
  const { damage } = contents
  return [...(damage === null ? [] : [`integrity_check: ${damage}`]), ...checkBooks(contents)]
}

/** The states of a run while it runs: `look` is called whenever a step may have ended. */
export class Recorder {
  readonly states: State[] = []
  readonly #inserted: Inserted | undefined

  constructor(inserted?: Inserted) {
    this.#inserted = inserted
  }

  async look(target: Target): Promise<void> {
    const state = toState(await readContents(target), this.#inserted)
    if (this.states.at(-1)?.hash !== state.hash) this.states.push(state)
  }
}

const PATIENCE_MS = 5_000

/** Waits until the server has noticed that its clients are gone. @returns whether it has. */
export async function sessionsGone(target: PostgresTarget): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += 10) {
    if ((await count(target, SESSIONS)) === 0) return true
    await sleep(10)
  }
  return false
}

const SESSIONS = `
  select count(*) from pg_stat_activity
  where datname = current_database() and application_name like 'tidegate %'`

/** No session, so none that idles in a transaction; no lock, whoever holds it. */
export async function checkSessions(target: PostgresTarget, problems: string[]): Promise<void> {
  if (!(await sessionsGone(target))) problems.push('a session is left')
  const locks = await count(target, LOCKS)
  if (locks > 0) problems.push(`${locks} advisory locks are left`)
}

async function count(target: PostgresTarget, query: string): Promise<number> {
  const client = await observe(target)
  const { rows } = await client.query<{ count: string }>(query)
  return Number(rows[0]!.count)
}

const LOCKS = `
  select count(*) from pg_locks where locktype = 'advisory'
    and database = (select oid from pg_database where datname = current_database())`
