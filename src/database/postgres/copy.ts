import { once } from 'node:events'
import type { Client } from 'pg'
import type { CopyStreamQuery, CopyToStreamQuery } from 'pg-copy-streams'
import { DatabaseError } from '../../errors.ts'
import type { StatementResult } from './statement.ts'

export type CopyQuery = CopyToStreamQuery

/** A COPY … TO STDOUT; it takes no parameters. */
export async function createCopy(text: string): Promise<CopyQuery> {
  const { to } = await import('./copy-streams.ts')
  return to(text)
}

/** A COPY … FROM STDIN; it takes no parameters. */
export async function createCopyFrom(text: string): Promise<CopyStreamQuery> {
  const { from } = await import('./copy-streams.ts')
  return from(text)
}

/** Sends all the data of a COPY … FROM STDIN, and waits for the server's last word. */
export async function sendCopy(
  client: Client,
  query: CopyStreamQuery,
  data: string,
): Promise<StatementResult> {
  query.on('error', () => undefined)
  const failure = once(query, 'error').then(([error]) => Promise.reject(error))
  client.query(query)
  const written = new Promise((resolve) => query.write(data, resolve))
  await Promise.race([failure, written])
  // To end it before the socket has taken everything would make the stream write again after a
  // failure, on a connection that it has let go of.
  query.end()
  await Promise.race([failure, once(query, 'finish')])
  return { command: 'COPY', rowCount: query.rowCount, rows: [] }
}

export interface CopyContext {
  readonly label: string
  /** Settles after the server's last word. */
  readonly answered: Promise<void>
  /** Waits for the server, but not for ever. */
  readonly waitFor: <T>(answer: Promise<T>) => Promise<T>
}

/** @throws DatabaseError when there are fewer lines than the server says that it sent */
export async function* linesOf(
  query: CopyQuery,
  { label, answered, waitFor }: CopyContext,
): AsyncGenerator<string[]> {
  // An error is also told to nobody when the iteration is over.
  query.on('error', () => undefined)
  const chunks = query.iterator({ destroyOnReturn: false })
  const splitter = new LineSplitter()
  try {
    for (;;) {
      const chunk = await waitFor(chunks.next())
      if (chunk.done === true) break
      const lines = splitter.split(chunk.value as Buffer)
      if (lines.length > 0) yield lines
    }
  } finally {
    await chunks.return?.()
  }
  await waitFor(answered)
  if (!splitter.isComplete(query.rowCount)) throw endedEarly(label)
}

function endedEarly(label: string): DatabaseError {
  const message = `the read ended early, before every row was seen (${label})`
  const facts = { sqlState: null, retry: 'connection' } as const
  return new DatabaseError('connection', message, facts, 'run the command again')
}

const LINE_FEED = 10

/** Whole lines out of chunks that end anywhere, also inside a character. */
class LineSplitter {
  #count = 0
  #rest: Buffer[] = []

  split(chunk: Buffer): string[] {
    const end = chunk.lastIndexOf(LINE_FEED)
    if (end === -1) {
      this.#rest.push(chunk)
      return []
    }
    const whole = chunk.subarray(0, end)
    const text = this.#rest.length === 0 ? whole : Buffer.concat([...this.#rest, whole])
    this.#rest = end + 1 < chunk.length ? [chunk.subarray(end + 1)] : []
    const lines = text.toString('utf8').split('\n')
    this.#count += lines.length
    return lines
  }

  isComplete(rows: number): boolean {
    return this.#rest.length === 0 && this.#count === rows
  }
}
