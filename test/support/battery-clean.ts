import type { PostgresTarget, SqliteTarget } from '../../src/database/contract.ts'
import { deployHere, type Deployed } from './battery-deploy.ts'
import { copySqlite, type CaseDatabase, type StartState } from './battery-start.ts'
import { watchStatements } from './battery-statements.ts'
import {
  describeMessage,
  startFaultProxy,
  type FrontendMessage,
  type FrontendVerdict,
} from './fault-proxy.ts'
import { Oracle, Recorder } from './oracle.ts'

/** An undisturbed deploy, watched from outside, is what every other one is measured by. */

export interface CleanPostgres {
  readonly oracle: Oracle
  /** What the client sent, message by message. */
  readonly messages: readonly string[]
}

export async function cleanPostgres(start: StartState): Promise<CleanPostgres> {
  const database = await start.create()
  const target = database.target as PostgresTarget
  const recorder = new Recorder()
  const messages: string[] = []
  const judge = async (message: FrontendMessage): Promise<FrontendVerdict> => {
    // Only a transaction that has ended can have changed what others see.
    if (['startup', 'Q commit'].includes(messages.at(-1) ?? 'startup')) await recorder.look(target)
    messages.push(describeMessage(message))
    return 'forward'
  }
  const proxy = await startFaultProxy(target, { judge })
  try {
    assertDone(await deployHere(through(proxy.target)))
    await recorder.look(target)
    return { oracle: new Oracle(recorder.states), messages }
  } finally {
    await proxy.close()
    await database.drop()
  }
}

/** The environment of a deploy that goes through a proxy. */
export function through({ user, host, port, database, password }: PostgresTarget) {
  const env = { SQL_DSN: `postgres://${user}:${password!.reveal()}@${host}:${port}/${database}` }
  return { env }
}

export interface CleanSqlite {
  readonly oracle: Oracle
  /** How many statements it took. */
  readonly statements: number
}

export async function cleanSqlite(start: StartState): Promise<CleanSqlite> {
  const database = await start.create()
  const target = database.target as SqliteTarget
  const copies: CaseDatabase[] = [copySqlite(target)]
  let statements = 0
  let wasInTransaction = false
  const before = ({ inTransaction }: { readonly inTransaction: boolean }): void => {
    statements += 1
    if (wasInTransaction && !inTransaction) copies.push(copySqlite(target))
    wasInTransaction = inTransaction
  }
  try {
    await watchStatements(target.path, { before }, async () => {
      assertDone(await deployHere(database))
    })
    const recorder = new Recorder()
    for (const copy of copies) await recorder.look(copy.target)
    await recorder.look(target)
    return { oracle: new Oracle(recorder.states), statements }
  } finally {
    for (const copy of copies) await copy.drop()
    await database.drop()
  }
}

function assertDone({ code, report }: Deployed): void {
  if (code !== 0) throw new Error(`an undisturbed deploy failed: ${report?.error?.message}`)
}
