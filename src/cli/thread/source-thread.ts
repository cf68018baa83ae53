import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { openReader } from '../../database/open.ts'
import { openDatabaseSource } from '../../snapshot/database-source.ts'
import { Fingerprinter } from '../../snapshot/fingerprint.ts'
import type { Source } from '../../snapshot/source.ts'
import {
  type Answer,
  BATCHES_AHEAD,
  type Request,
  sendError,
  type SourceOrder,
} from './messages.ts'

/**
 * The thread that reads a large file for a comparison: SQLite works in the thread of its caller, so
 * that the other side would have to wait for it. Ended by its owner.
 */

type Without<T> = T extends unknown ? Omit<T, 'id'> : never

const port: MessagePort = parentPort!
const source = open(workerData as SourceOrder)
// A file that cannot be opened is told to the first who asks.
source.catch(() => undefined)

let endSnapshot: (() => void) | null = null

/** Streams that are being sent: how many batches each may still send, and who waits for that. */
const streams = new Map<number, { credit: number; isLeft: boolean; wake: () => void }>()

async function open({ name, target, key }: SourceOrder): Promise<Source> {
  const reader = await openReader(target, {
    applicationName: 'tidegate',
    connectTimeoutMs: 0,
    statementTimeoutMs: 0,
  })
  return openDatabaseSource(name, reader, key === null ? null : new Fingerprinter(key))
}

function answer(id: number, message: Without<Answer>): void {
  port.postMessage({ id, ...message })
}

async function serve(request: Request): Promise<unknown> {
  const side = await source
  switch (request.call) {
    case 'open':
      return factsOf(side)
    case 'begin':
      return begin(side)
    case 'end':
      return endSnapshot?.()
    case 'lines':
      return send(request.id, side.lines(request.shape, request.buckets ?? undefined))
    case 'stale':
      return sendStale(request.id, side, request.buckets)
    case 'digest':
      return side.digest(request.shape, request.count)
    case 'size':
      return side.size(request.table)
    case 'more':
    case 'leave':
      return undefined
  }
}

function factsOf({ name, kind, dialect, label, catalog, version, takenAt, keyId }: Source) {
  return { name, kind, dialect, label, catalog, version, takenAt, keyId }
}

/** Answers when the moment has begun; it lasts until `end`. */
async function begin(side: Source): Promise<void> {
  const begun = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  endSnapshot = ended.resolve
  const whole = side.snapshot(async () => {
    begun.resolve()
    await ended.promise
  })
  whole.catch(begun.reject)
  return begun.promise
}

async function send(id: number, batches: AsyncIterable<readonly unknown[]>): Promise<void> {
  const stream = { credit: BATCHES_AHEAD, isLeft: false, wake: () => {} }
  streams.set(id, stream)
  try {
    for await (const batch of batches) {
      if (stream.isLeft) return
      answer(id, { is: 'batch', batch })
      stream.credit -= 1
      if (stream.credit === 0) await new Promise<void>((resolve) => (stream.wake = resolve))
    }
  } finally {
    streams.delete(id)
  }
}

async function sendStale(id: number, side: Source, buckets: number): Promise<{ rows: number }> {
  const progress = { rows: 0 }
  const stale = side.staleAbilities({ progress, buckets })
  await send(
    id,
    (async function* () {
      for await (const channel of stale) yield [channel]
    })(),
  )
  return progress
}

function grant({ id, call }: Request): void {
  const stream = streams.get(id)
  if (stream === undefined) return
  if (call === 'leave') stream.isLeft = true
  stream.credit += 1
  stream.wake()
}

port.on('message', (request: Request) => {
  if (request.call === 'more' || request.call === 'leave') {
    grant(request)
    return
  }
  serve(request).then(
    (value) => answer(request.id, { is: 'value', value }),
    (error: unknown) => answer(request.id, { is: 'error', error: sendError(error) }),
  )
})
