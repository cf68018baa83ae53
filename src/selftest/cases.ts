import type { SelftestCase } from './case.ts'
import { ABILITY_CASES } from './cases/abilities.ts'
import { CATALOGUE_CASES } from './cases/catalogue.ts'
import { CHANNEL_CASES } from './cases/channels.ts'
import { EQUAL_CASES } from './cases/equal.ts'
import { OPTION_CASES } from './cases/options.ts'
import { SCHEMA_CASES } from './cases/schema.ts'
import { STORAGE_CASES } from './cases/storage.ts'

/** Everything that a comparison must find, and what it must not take for a difference. */
export const SELFTEST_CASES: readonly SelftestCase[] = [
  ...CHANNEL_CASES,
  ...OPTION_CASES,
  ...ABILITY_CASES,
  ...CATALOGUE_CASES,
  ...SCHEMA_CASES,
  ...STORAGE_CASES,
  ...EQUAL_CASES,
]
