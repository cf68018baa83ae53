export { defineConfig, type EnvironmentConfig, type TidegateConfig } from './config/define.ts'
export type { Catalog, CatalogColumn, DialectName } from './database/contract.ts'
export { type ErrorCode, TidegateError } from './errors.ts'
export { cleanList, isPadded, joinList } from './gateway/lists.ts'
export {
  type ChannelLists,
  defineMigration,
  type Migration,
  type MigrationContext,
} from './migrate/define.ts'
export { Secret } from './secret.ts'
export {
  type ChannelSeed,
  channelType,
  defineSeed,
  type Field,
  include,
  initial,
  type ListField,
  type OptionSeed,
  type Seed,
  type SeedRows,
} from './seed/define.ts'
export { optionalInteger, secret, text, url } from './seed/inputs.ts'
