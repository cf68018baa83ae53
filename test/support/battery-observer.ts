import type pg from 'pg'
import type { PostgresTarget } from '../../src/database/contract.ts'
import { connectPostgres } from './raw.ts'

/** One connection for each database of the battery, past the faults; a new one costs 10 ms. */
const observers = new Map<string, Promise<pg.Client>>()

export function observe(target: PostgresTarget): Promise<pg.Client> {
  const observer = observers.get(target.label) ?? connectPostgres(target)
  observers.set(target.label, observer)
  return observer
}

export async function stopObserving({ label }: PostgresTarget): Promise<void> {
  const observer = observers.get(label)
  observers.delete(label)
  await (await observer)?.end()
}
