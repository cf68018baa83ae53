import { readFile } from 'node:fs/promises'
import type { DialectName } from '../../src/database/contract.ts'

/**
 * Schemas of gateways as the gateways themselves made them: one-api, two releases of new-api, a
 * fork, and one-api's upgraded to each release.
 */
export const GATEWAY_FIXTURES = [
  'oa',
  'n25',
  'n26',
  'zeo',
  'upgraded-oa-n25',
  'upgraded-oa-n26',
] as const

export type GatewayFixture = (typeof GATEWAY_FIXTURES)[number]

const FOLDER = new URL('../fixtures/gateway/', import.meta.url)

const PREFIXES: Readonly<Record<DialectName, string>> = { sqlite: 'sqlite', postgres: 'pg15' }

const NAMES: Readonly<Record<GatewayFixture, string>> = {
  oa: 'fresh-oa',
  n25: 'fresh-n25',
  n26: 'fresh-n26',
  zeo: 'fresh-zeo',
  'upgraded-oa-n25': 'upgraded-up_oa_25',
  'upgraded-oa-n26': 'upgraded-up_oa_25_26',
}

export function fixtureFile(dialect: DialectName, fixture: GatewayFixture): URL {
  return new URL(`${PREFIXES[dialect]}-${NAMES[fixture]}.sql`, FOLDER)
}

/** The fixture's statements, for a new and empty database. */
export function readFixture(dialect: DialectName, fixture: GatewayFixture): Promise<string> {
  return readFile(fixtureFile(dialect, fixture), 'utf8')
}
