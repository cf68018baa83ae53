import type { PostgresServer } from '../support/postgres.ts'
import type { ClassOutcome } from './run.ts'
export async function renderReport(
  _o: readonly ClassOutcome[],
  _s: PostgresServer,
): Promise<string> {
  return ''
}
