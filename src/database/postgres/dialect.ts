import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import type { QueryDialect } from '../queries.ts'

export const DIALECT: QueryDialect = {
  createAdapter: () => new PostgresAdapter(),
  createIntrospector: (queries) => new PostgresIntrospector(queries),
  createQueryCompiler: () => new PostgresQueryCompiler(),
}
