import type { OpenOptions, PostgresTarget, Queries } from '../contract.ts'
import type { OpenStreams } from '../open-streams.ts'
import type { Serial } from '../serial.ts'
import type { PostgresConnection } from './connection.ts'
import { sessionSettings } from './startup.ts'

/** What the parts of one reader share. */
export interface PostgresReading {
  readonly target: PostgresTarget
  readonly options: Omit<OpenOptions, 'missingFile'>
  readonly connection: PostgresConnection
  /** Builds expressions; executes nothing. */
  readonly queries: Queries
  /** Of the transactions. */
  readonly turns: Serial
  readonly streams: OpenStreams
  inSnapshot: boolean
}

/**
 * Begins a read-only transaction, or joins the one of `snapshot`. Everything is read in one: it
 * cannot write behind a pooler either, which refuses the settings in the startup message.
 * @returns what ends it
 */
export async function beginReading(reading: PostgresReading): Promise<() => Promise<void>> {
  if (reading.inSnapshot) return async () => undefined
  const { connection, options } = reading
  const endTurn = await reading.turns.hold()
  const end = async () => {
    // A broken connection has rolled back.
    await connection.run('rollback').catch(() => undefined)
    endTurn()
  }
  try {
    await connection.run(beginText(options))
    return end
  } catch (error) {
    await end()
    throw error
  }
}

/** Runs `body` in such a transaction. */
export async function whileReading<T>(
  reading: PostgresReading,
  body: () => Promise<T>,
): Promise<T> {
  const end = await beginReading(reading)
  try {
    return await body()
  } finally {
    await end()
  }
}

// The settings are our own constants and numbers.
function beginText(options: PostgresReading['options']): string {
  const settings = Object.entries(sessionSettings(options))
  return [
    'begin isolation level repeatable read read only',
    ...settings.map(([name, value]) => `set local ${name} = '${value}'`),
  ].join(';')
}
