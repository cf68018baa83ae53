import { Socket } from 'node:net'
import type { Client, ClientConfig } from 'pg'
import { DatabaseError } from '../../errors.ts'
import type { PostgresTarget, Traffic } from '../contract.ts'
import { closedFailure, commitUnknownFailure } from '../failures.ts'
import { Serial } from '../serial.ts'
import { isWithin } from '../within.ts'
import type { CopyStreamQuery } from 'pg-copy-streams'
import { linesOf, sendCopy, type CopyQuery } from './copy.ts'
import { describeFailure, hasCode, isFromServer } from './errors.ts'
import { assertEncrypted, dropEnvironmentOptions, noteTimes } from './handshake.ts'
import type { StatementResult } from './statement.ts'
import { TransactionGuard } from './transaction-guard.ts'

export interface ConnectionInput {
  readonly driver: Pick<typeof import('pg'), 'Client'>
  readonly config: ClientConfig
  readonly target: PostgresTarget
  /** Milliseconds after which a statement without an answer means a dead peer; 0 is never. */
  readonly watchdogMs: number
}

const END_TIMEOUT_MS = 2_000

/**
 * One session. Statements run one after the other, their errors are ours, and neither a dead
 * server nor a dead network makes a call wait for ever or an event go unhandled.
 */
export class PostgresConnection {
  readonly label: string
  readonly times: ReturnType<typeof noteTimes>
  readonly #client: Client
  readonly #socket = new Socket()
  readonly #target: PostgresTarget
  readonly #watchdogMs: number
  readonly #serial = new Serial()
  readonly #guard: TransactionGuard
  /** Settles when the server has said all it has to say to the current statement. */
  #answered = Promise.withResolvers<void>()
  /** Why the session is over; the driver tells only the first one who asks. */
  #lost: unknown = null
  #closing: Promise<void> | null = null
  #roundTrips = 0

  private constructor({ driver, config, target, watchdogMs }: ConnectionInput) {
    this.label = target.label
    this.#guard = new TransactionGuard(target.label)
    this.#target = target
    this.#watchdogMs = watchdogMs
    this.#client = new driver.Client({ ...config, stream: () => this.#socket })
    this.times = noteTimes(this.#client, this.#socket)
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

  get traffic(): Traffic {
    return { bytes: this.#socket.bytesRead, roundTrips: this.#roundTrips }
  }

  /** Whether no statement runs or waits. */
  get idle(): boolean {
    return this.#serial.idle
  }

  /** Runs a text; several statements in one text take one round trip, but no parameters. */
  run(text: string, parameters: readonly unknown[] = []): Promise<StatementResult[]> {
    return this.#serial.run(() => this.#send((client) => client.query(text, [...parameters])))
  }

  /** Rows as arrays. */
  async rows(text: string, parameters: readonly unknown[] = []): Promise<unknown[][]> {
    const query = { text, values: [...parameters], rowMode: 'array' as const }
    const results = await this.#serial.run(() => this.#send((client) => client.query(query)))
    return results.at(-1)!.rows as unknown[][]
  }

  /** A COPY … FROM STDIN of this data. @returns how many rows the server took. */
  async copyFrom(query: CopyStreamQuery, data: string): Promise<number> {
    const [result] = await this.#serial.run(() =>
      this.#send((client) => sendCopy(client, query, data)),
    )
    return result!.rowCount ?? 0
  }

  // Of one that is left early the rest is read and dropped; if that takes too long we hang up.
  /** Lines of a COPY … TO STDOUT, in batches. Nothing else is sent before it has ended. */
  async *copy(query: CopyQuery): AsyncGenerator<string[]> {
    const endTurn = await this.#serial.hold()
    try {
      this.#begin()
      yield* this.#readCopy(query)
    } finally {
      endTurn()
    }
  }

  /** @throws DatabaseError with `commitUnknown` when COMMIT was sent and not answered. */
  commit(): Promise<StatementResult[]> {
    return this.#serial.run(async () => {
      this.#assertUsable()
      try {
        return await this.#send((client) => client.query('commit'))
      } catch (error) {
        const failure = this.#describe(error)
        throw failure.code === 'connection' ? commitUnknownFailure(this.label, failure) : failure
      }
    })
  }

  /** From here on a statement that begins or ends a transaction is refused. */
  guardTransaction(): void {
    this.#guard.start()
  }

  /** Ends the guard. @returns the failure when the transaction did not last. */
  releaseTransaction(): DatabaseError | null {
    return this.#guard.release()
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
    assertEncrypted(this.#client, config, this.#target)
  }

  async *#readCopy(query: CopyQuery): AsyncGenerator<string[]> {
    this.#client.query(query)
    const { promise: answered } = this.#answered
    try {
      yield* linesOf(query, { answered, label: this.label, waitFor: (one) => this.#watched(one) })
      if (this.#lost !== null) throw this.#lost
    } catch (error) {
      await this.#watched(this.#settle(error))
      throw this.#describe(error)
    } finally {
      await this.#endCopy(query)
    }
  }

  async #send(ask: (client: Client) => Promise<unknown>): Promise<StatementResult[]> {
    this.#begin()
    return this.#watched(this.#ask(ask))
  }

  #begin(): void {
    this.#assertUsable()
    this.#answered = Promise.withResolvers()
    this.#roundTrips += 1
  }

  async #ask(ask: (client: Client) => Promise<unknown>): Promise<StatementResult[]> {
    try {
      const result = await ask(this.#client)
      const results = (Array.isArray(result) ? result : [result]) as StatementResult[]
      this.#guard.watch(this.#client.getTransactionStatus(), results)
      return results
    } catch (error) {
      await this.#settle(error)
      throw this.#describe(error)
    }
  }

  #assertUsable(): void {
    if (this.#closing !== null) throw closedFailure(this.label)
    if (this.#lost !== null) throw describeFailure(this.#lost, this.#target)
    if (this.#guard.failure !== null) throw this.#guard.failure
  }

  async #endCopy(query: CopyQuery): Promise<void> {
    if (this.#lost !== null) return
    query.resume()
    if (!(await isWithin(END_TIMEOUT_MS, this.#answered.promise))) this.#abandon()
  }

  async #watched<T>(answer: Promise<T>): Promise<T> {
    if (this.#watchdogMs === 0) return answer
    const watchdog = setTimeout(() => {
      this.#lose(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }))
      this.#socket.destroy()
    }, this.#watchdogMs).unref()
    return answer.finally(() => clearTimeout(watchdog))
  }

  // The driver rejects at the server's error message; only what follows it tells the state of the
  // transaction, or that the session is over.
  async #settle(error: unknown): Promise<void> {
    if (this.#lost !== null || !isFromServer(error)) return
    await this.#answered.promise
    if (this.#lost !== null) this.#lose(error)
    this.#guard.watch(this.#client.getTransactionStatus(), [])
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
    const ended = this.#client.end().catch(() => undefined)
    await isWithin(END_TIMEOUT_MS, ended)
    this.#socket.destroy()
  }
}
