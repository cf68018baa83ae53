import { after } from 'node:test'
import type {
  DatabaseReader,
  ReaderOptions,
  StreamRequest,
  Target,
} from '../../src/database/contract.ts'
import { openReader } from '../../src/database/open.ts'
import { OPEN_OPTIONS } from './databases.ts'

const opened: DatabaseReader[] = []

after(async () => {
  for (const reader of opened) await reader.close()
})

/** Closed after the tests of the file. */
export async function openTestReader(
  target: Target,
  options: Pick<ReaderOptions, 'repairs'> = {},
): Promise<DatabaseReader> {
  const reader = await openReader(target, { ...OPEN_OPTIONS, ...options })
  opened.push(reader)
  return reader
}

/** Every line of a stream. */
export async function readLines(reader: DatabaseReader, request: StreamRequest): Promise<string[]> {
  const all: string[] = []
  for await (const lines of reader.stream(request)) all.push(...lines)
  return all
}
