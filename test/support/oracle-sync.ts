import { runHere } from './battery-run.ts'
import type { SyncReport, SyncWorld } from './battery-sync.ts'
import type { CaseDatabase } from './battery-start.ts'
import type { Target } from '../../src/database/contract.ts'
import { checkSessions, faults } from './oracle.ts'
import { checkEffects } from './oracle-effects.ts'
import { type Contents, readContents } from './oracle-read.ts'
import { describeDifference, type State, toState } from './oracle-state.ts'

/** What an undisturbed run leads through, and what another one may leave behind. */
export class SyncOracle {
  readonly #world: SyncWorld
  readonly #before: Contents
  readonly #states: readonly State[]

  constructor(world: SyncWorld, before: Contents, states: readonly State[]) {
    if (states.length !== world.steps + 1) {
      throw new Error(`an undisturbed ${world.command} went through ${states.length} states`)
    }
    this.#world = world
    this.#before = before
    this.#states = states
  }

  /** Checks what a fault left behind. @returns `before`, `after`, or how many steps were done. */
  async checkFault(target: Target, problems: string[]): Promise<string> {
    const contents = await readContents(target)
    problems.push(...this.#faults(contents))
    const state = toState(contents, this.#world.inserted)
    const index = this.#states.findIndex(({ hash }) => hash === state.hash)
    if (index === -1) {
      const differences = this.#states.map((known) => describeDifference(known, state))
      const [nearest] = differences.toSorted((a, b) => a.length - b.length)
      problems.push(`the fault left half of a step:\n  ${nearest}`)
      return 'half a step'
    }
    if (index === 0) return 'before'
    return index === this.#states.length - 1 ? 'after' : `step ${index}`
  }

  /** Checks that one more run ends what was begun, and that the next one writes nothing. */
  async checkRecovery(database: CaseDatabase, found: string, problems: string[]): Promise<void> {
    await this.#run(database, found === 'after', problems)
    const contents = await readContents(database.target)
    problems.push(...this.#faults(contents))
    const state = toState(contents, this.#world.inserted)
    const final = this.#states.at(-1)!
    if (state.hash !== final.hash) {
      problems.push(`the re-run did not converge:\n  ${describeDifference(final, state)}`)
    }
    await this.#run(database, true, problems)
    const after = await readContents(database.target)
    if (after.stamp !== contents.stamp) problems.push('the second re-run wrote something')
    for (const { target } of [database, { target: this.#world.from }]) {
      if (target.dialect === 'postgres') await checkSessions(target, problems)
    }
  }

  #faults(contents: Contents): string[] {
    return [...faults(contents), ...checkEffects(this.#before, contents)]
  }

  async #run(database: CaseDatabase, isDone: boolean, problems: string[]): Promise<void> {
    const { command, again } = this.#world
    const call = await this.#world.call(database)
    const { code, report, problems: own } = await runHere<SyncReport>(call)
    problems.push(...own)
    const status = command === 'copy' ? 'copied' : 'changed'
    const expected = isDone ? again : { code: 0, status }
    if (code === expected.code && report?.status === expected.status) return
    const said = report?.error?.message ?? report?.status
    problems.push(`${isDone ? 'a run after it' : 'the re-run'} ended with ${code}: ${said}`)
  }
}
