import assert from 'node:assert/strict'
import { connect, createServer, type AddressInfo } from 'node:net'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { TidegateError } from '../../src/errors.ts'
import { serve } from '../../src/serve/serve.ts'
import { resultOf } from './results.ts'
import { startChecked, startServing, stuck, TOKEN, until } from './running.ts'

it('answers what was asked before it stops, and takes nothing new', async () => {
  const asked = Promise.withResolvers<void>()
  const server = await startChecked({
    token: TOKEN,
    runCheck: async () =>
      resultOf({
        page: async () => {
          asked.resolve()
          await sleep(300)
          return 'the whole page'
        },
      }),
  })
  const pending = server.get('/', { headers: { authorization: `Bearer ${TOKEN}` } })
  await asked.promise
  const startedAt = performance.now()
  const stopped = server.stop()
  await assert.rejects(server.get('/healthz', { headers: { connection: 'close' } }))
  assert.equal(await (await pending).text(), 'the whole page')
  await stopped
  const tookMs = performance.now() - startedAt
  assert.ok(tookMs > 200 && tookMs < 2_000, `${tookMs} ms`)
})

it('aborts the check that runs', async () => {
  let isAborted = false
  const server = await startServing({
    runCheck: async (signal) => {
      await stuck(signal).catch(() => (isAborted = true))
      throw new Error('aborted')
    },
  })
  await server.stop()
  assert.ok(isAborted)
  assert.deepEqual(server.checks, [])
})

it('hangs up on a client that never finishes its request', async () => {
  const server = await startChecked()
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  let isClosed = false
  socket.on('error', () => undefined).on('close', () => (isClosed = true))
  socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\n')
  await sleep(50)
  const startedAt = performance.now()
  await server.stop()
  assert.ok(performance.now() - startedAt < 4_500)
  await until(() => isClosed)
})

it('says which port is taken and what to do', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const { port } = taken.address() as AddressInfo
  const starting = (host: string) =>
    serve({
      host,
      port,
      runCheck: async () => resultOf(),
      intervalMs: 1_000,
      token: null,
      version: '0.0.0',
      signal: AbortSignal.abort(),
      onListening: () => undefined,
      onCheck: () => undefined,
      onRequest: null,
      onFault: () => undefined,
    })
  try {
    await assert.rejects(starting('127.0.0.1'), (error) => {
      assert.ok(error instanceof TidegateError)
      assert.match(error.message, new RegExp(`port ${port} of 127.0.0.1: another program`))
      assert.match(error.nextStep ?? '', /--port/)
      return true
    })
    await assert.rejects(starting('192.0.2.1'), { message: /this machine has no such address/ })
  } finally {
    taken.close()
  }
})
