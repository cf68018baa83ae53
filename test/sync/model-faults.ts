import pg from 'pg'
import type { PostgresTarget, Target } from '../../src/database/contract.ts'
import { watchStatements } from '../support/battery-statements.ts'
import { administer } from '../support/postgres.ts'

/** Names the sessions whose statements are counted. */
export const WATCHED = 'tidegate-model'

/** What happens before a statement of tidegate's. */
export interface Fault {
  /** From 1. */
  readonly at: number
  readonly kind: 'kill' | 'writer'
}

/** Runs `body`; before its statement number `at`, `meet` is called, or the connection is cut. */
export async function withFault(
  target: Target,
  fault: Fault,
  meet: () => void | Promise<void>,
  body: () => Promise<void>,
): Promise<void> {
  if (target.dialect === 'postgres') return inPostgres(target, fault, meet, body)
  let count = 0
  const before = (database: { close(): unknown }): void => {
    count += 1
    if (count !== fault.at) return
    if (fault.kind === 'kill') database.close()
    else void meet()
  }
  return watchStatements(target.path, { before }, body)
}

type Query = (this: pg.Client, ...values: unknown[]) => unknown

async function inPostgres(
  target: PostgresTarget,
  { at, kind }: Fault,
  meet: () => void | Promise<void>,
  body: () => Promise<void>,
): Promise<void> {
  const prototype = pg.Client.prototype as unknown as { query: Query }
  const original = prototype.query
  let count = 0
  prototype.query = function watched(...values) {
    const { application_name: name } = (this as unknown as Connected).connectionParameters
    if (name !== WATCHED || (count += 1) !== at) return original.apply(this, values)
    const { processID } = this as unknown as Connected
    const happens = kind === 'kill' ? end(target, processID) : meet()
    return Promise.resolve(happens).then(() => original.apply(this, values))
  }
  try {
    await body()
  } finally {
    prototype.query = original
  }
}

interface Connected {
  readonly processID: number
  readonly connectionParameters: { readonly application_name?: string }
}

/** Returns when the server has taken back all that the session had not committed. */
async function end({ host, port, user, password, database }: PostgresTarget, processId: number) {
  const address = new URL(`postgres://${host}:${port}/${database}`)
  address.username = user
  address.password = password?.reveal() ?? ''
  await administer({ url: address.href }, `select pg_terminate_backend(${processId}, 5000)`)
}
