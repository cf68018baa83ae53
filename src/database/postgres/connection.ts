import { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { CompiledQuery, QueryResult } from 'kysely'
import type { Client, ClientConfig } from 'pg'
import { DatabaseError } from '../../errors.ts'
import type { PostgresTarget } from '../contract.ts'
import { closedFailure, commitUnknownFailure, endedTransactionFailure } from '../failures.ts'
import { Serial } from '../serial.ts'
import { describeConnectFailure, describeFailure } from './errors.ts'

/** What the server answered to one statement; a text without parameters may hold several. */
export interface StatementResult {
  /** The first word of the command tag: `COMMIT`, `INSERT`, … */
  readonly command: string
  readonly rowCount: number | null
  readonly rows: unknown[]
}

export interface ConnectionInput {
  readonly driver: Pick<typeof import('pg'), 'Client'>
  readonly config: ClientConfig
  readonly target: PostgresTarget
  /** Milliseconds after which a statement without an answer means a dead peer; 0 is never. */
  readonly watchdogMs: number
}

const CLOSE_TIMEOUT_MS = 2_000

// ROLLBACK includes ROLLBACK TO SAVEPOINT, which cannot be told from ROLLBACK AND CHAIN.
const TRANSACTION_COMMANDS = new Set(['BEGIN', 'START', 'COMMIT', 'ROLLBACK'])

const COUNTING_COMMANDS = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])

/**
 * One session. Statements run one after the other, their errors are ours, and neither a dead
 * server nor a dead network makes a call wait for ever or an event go unhandled.
 */
export class PostgresConnection {
  readonly label: string
  readonly #client: Client
  readonly #socket = new Socket()
  readonly #target: PostgresTarget
  readonly #watchdogMs: number
  readonly #serial = new Serial()
  /** Settles when the server has said all it has to say to the current statement. */
  #answered = Promise.withResolvers<void>()
  /** Why the session is over; the driver tells only the first one who asks. */
  #lost: unknown = null
  #closing: Promise<void> | null = null
  #guarding = false
  #ended: DatabaseError | null = null

  private constructor({ driver, config, target, watchdogMs }: ConnectionInput) {
    this.label = target.label
    this.#target = target
    this.#watchdogMs = watchdogMs
    this.#client = new driver.Client({ ...config, stream: () => this.#socket })
    this.#client.on('error', (error) => this.#lose(error))
    this.#client.on('drain', () => this.#answered.resolve())
    this.#client.on('end', () => this.#answered.resolve())
    if (config.options === undefined) dropEnvironmentOptions(this.#client)
  }

  /** @throws the driver's own error; `describeConnectFailure` says what it means. */
  static async connect(input: ConnectionInput): Promise<PostgresConnection> {
    const connection = new PostgresConnection(input)
    try {
      await connection.#connect(input.config)
      return connection
    } catch (error) {
      connection.#abandon()
      throw error
    }
  }

  /** As the server told it when the session began; a pooler tells another one. */
  get processId(): number | null {
    const { processID } = this.#client as Client & { readonly processID: number | null }
    return processID
  }

  /** Whether no statement runs or waits. */
  get idle(): boolean {
    return this.#serial.idle
  }

  /** A statement of Kysely's. */
  async execute(query: CompiledQuery): Promise<QueryResult<unknown>> {
    const results = await this.run(query.sql, query.parameters)
    const { command, rowCount, rows } = results.at(-1)!
    if (!COUNTING_COMMANDS.has(command)) return { rows }
    return { rows, numAffectedRows: BigInt(rowCount ?? 0) }
  }

  /** Runs a text; several statements in one text take one round trip, but no parameters. */
  run(text: string, parameters: readonly unknown[] = []): Promise<StatementResult[]> {
    return this.#serial.run(() => this.#send({ text, values: [...parameters] }))
  }

  /** Rows as arrays. */
  async rows(text: string, parameters: readonly unknown[] = []): Promise<unknown[][]> {
    const query = { text, values: [...parameters], rowMode: 'array' as const }
    const results = await this.#serial.run(() => this.#send(query))
    return results.at(-1)!.rows as unknown[][]
  }

  /** @throws DatabaseError with `commitUnknown` when COMMIT was sent and not answered. */
  commit(): Promise<StatementResult[]> {
    return this.#serial.run(async () => {
      this.#assertUsable()
      try {
        return await this.#send({ text: 'commit', values: [] })
      } catch (error) {
        const failure = this.#describe(error)
        throw failure.code === 'connection' ? commitUnknownFailure(this.label, failure) : failure
      }
    })
  }

  /** From here on a statement that begins or ends a transaction is refused. */
  guardTransaction(): void {
    this.#guarding = true
  }

  /** Ends the guard. @returns the failure when the transaction did not last. */
  releaseTransaction(): DatabaseError | null {
    const ended = this.#ended
    this.#guarding = false
    this.#ended = null
    return ended
  }

  close(): Promise<void> {
    this.#closing ??= this.#shut()
    return this.#closing
  }

  async #connect(config: ClientConfig): Promise<void> {
    // Some failures of the handshake are only told as an event.
    const broken = new Promise<never>((_resolve, reject) => {
      this.#client.once('error', reject)
    })
    await Promise.race([this.#client.connect(), broken])
    if (config.ssl !== false) this.#assertEncrypted(config)
  }

  #assertEncrypted({ ssl }: ClientConfig): void {
    const { encrypted, authorized } = this.#client.connection.stream as Partial<TLSSocket>
    const verified = typeof ssl === 'object' && ssl.rejectUnauthorized === true
    if (encrypted === true && (authorized === true || !verified)) return
    throw describeConnectFailure(new Error('does not support SSL'), this.#target)
  }

  async #send(query: { text: string; values: unknown[] }): Promise<StatementResult[]> {
    this.#assertUsable()
    const watchdog = this.#watch()
    this.#answered = Promise.withResolvers()
    try {
      const result: unknown = await this.#client.query(query)
      const results = (Array.isArray(result) ? result : [result]) as StatementResult[]
      this.#watchTransaction(results)
      return results
    } catch (error) {
      await this.#settle(error)
      throw this.#describe(error)
    } finally {
      clearTimeout(watchdog)
    }
  }

  #assertUsable(): void {
    if (this.#closing !== null) throw closedFailure(this.label)
    if (this.#lost !== null) throw describeFailure(this.#lost, this.#target)
    if (this.#ended !== null) throw this.#ended
  }

  #watch(): NodeJS.Timeout | undefined {
    if (this.#watchdogMs === 0) return undefined
    return setTimeout(() => {
      this.#lose(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }))
      this.#socket.destroy()
    }, this.#watchdogMs).unref()
  }

  #watchTransaction(results: readonly StatementResult[]): void {
    if (!this.#guarding) return
    const isOver = this.#client.getTransactionStatus() === 'I'
    if (isOver || results.some(({ command }) => TRANSACTION_COMMANDS.has(command))) {
      this.#ended ??= endedTransactionFailure(this.label)
    }
  }

  // The driver rejects at the server's error message; only what follows it tells the state of the
  // transaction, or that the session is over.
  async #settle(error: unknown): Promise<void> {
    if (this.#lost !== null || !isFromServer(error)) return
    await this.#answered.promise
    if (this.#lost !== null) this.#lose(error)
    this.#watchTransaction([])
  }

  #describe(error: unknown): DatabaseError {
    if (error instanceof DatabaseError) return error
    if (this.#closing !== null) return closedFailure(this.label)
    if (isFromServer(error)) return describeFailure(error, this.#target)
    if (this.#lost !== null) return describeFailure(this.#lost, this.#target)
    const message = `the driver refused a statement or a value (${this.label})`
    return new DatabaseError('database', message, { sqlState: null, retry: 'never' })
  }

  #lose(error: unknown): void {
    if (this.#lost === null || !(hasCode(this.#lost) || !hasCode(error))) this.#lost = error
  }

  #abandon(): void {
    this.#closing = Promise.resolve()
    this.#client.end().catch(() => undefined)
    this.#socket.destroy()
  }

  async #shut(): Promise<void> {
    const timedOut = new Promise<void>((resolve) => {
      setTimeout(resolve, CLOSE_TIMEOUT_MS).unref()
    })
    await Promise.race([this.#client.end().catch(() => undefined), timedOut])
    this.#socket.destroy()
  }
}

// An empty value would make the driver look into PGOPTIONS, which the pooler refuses just as well.
function dropEnvironmentOptions(client: Client): void {
  const { connectionParameters } = client as Client & { connectionParameters: ClientConfig }
  delete connectionParameters.options
}

function hasCode(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}

function isFromServer(error: unknown): boolean {
  return error instanceof Error && 'severity' in error
}
