import { after } from 'node:test'
import { openDatabase } from '../../src/database/open.ts'
import { type CreateDatabase, OPEN_OPTIONS } from '../support/databases.ts'
import { createSqliteFile } from '../support/sqlite.ts'

const cleanups: (() => Promise<void>)[] = []

after(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup()
})

/** A SQLite file, whatever the dialect of the test; removed after the tests of the file. */
export const createLocal: CreateDatabase = async ({ fixture } = {}) => {
  const file = await createSqliteFile({ fixture })
  const { target } = file
  const open = async (options = {}) => {
    const database = await openDatabase(target, { ...OPEN_OPTIONS, ...options })
    cleanups.push(() => database.close())
    return database
  }
  cleanups.push(() => file.drop())
  return { dialect: 'sqlite', target, database: await open(), open }
}
