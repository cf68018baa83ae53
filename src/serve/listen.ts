import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import { TidegateError } from '../errors.ts'
import { isWithin } from '../database/within.ts'

export interface Address {
  readonly host: string
  /** 0 takes any that is free. */
  readonly port: number
}

export interface Listening {
  readonly url: string
  /** Requests that have begun are answered, within 3 s; no new ones are taken. */
  close(): Promise<void>
}

const DRAIN_MS = 3_000

/** Milliseconds for the head, and for all of a request. */
const HEADERS_TIMEOUT_MS = 5_000
const REQUEST_TIMEOUT_MS = 10_000

/** @throws TidegateError when nothing can listen there */
export async function listen(app: Hono, address: Address): Promise<Listening> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    overrideGlobalObjects: false,
    serverOptions: { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
  }) as Server
  await bind(server, address)
  const { address: host, family, port } = server.address() as AddressInfo
  const url = `http://${family === 'IPv6' ? `[${host}]` : host}:${port}`
  return { url, close: () => drain(server) }
}

function bind(server: Server, { host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(bindFailure(error, host, port)))
    server.listen({ host, port }, () => resolve())
  })
}

async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // A connection that is kept alive becomes idle only when its last answer has been sent.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  const isDrained = await isWithin(DRAIN_MS, closed)
  clearInterval(sweep)
  if (!isDrained) server.closeAllConnections()
  await closed
}

const REASONS: Readonly<Record<string, readonly [problem: string, nextStep: string]>> = {
  EADDRINUSE: [
    'another program listens there',
    'stop that program, or choose another port with --port',
  ],
  EACCES: ['this user may not', 'choose a port above 1023 with --port'],
  EADDRNOTAVAIL: [
    'this machine has no such address',
    'choose --host 127.0.0.1, or 0.0.0.0 for every address',
  ],
  ENOTFOUND: ['there is no such host', 'choose --host 127.0.0.1, or 0.0.0.0 for every address'],
}

function bindFailure(error: NodeJS.ErrnoException, host: string, port: number): TidegateError {
  const code = error.code ?? ''
  const [problem, nextStep] = REASONS[code] ?? [
    `the system says ${code}`,
    'check --host and --port',
  ]
  const message = `cannot listen on port ${port} of ${host}: ${problem}`
  return new TidegateError('usage', message, { nextStep, details: { host, port, code } })
}
