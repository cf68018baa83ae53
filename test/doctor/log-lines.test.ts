import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { logLines } from '../../src/doctor/log-lines.ts'
import { classifyLogs } from '../../src/doctor/logs.ts'

const ERROR = '[ERR] 2025/11/05 - 10:00:00 | 20251105100000123456789abcdefgh | no enabled keys'

const OTHER = '[GIN] 2025/11/05 - 10:00:00 | 200 |   1.5ms | 10.0.0.1 | POST     "/v1/models"'

async function* chunks(bytes: Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const read = async (bytes: Uint8Array, size: number) => {
  const lines: string[] = []
  for await (const line of logLines(chunks(bytes, size))) lines.push(line)
  return lines
}

test('lines are the same however the bytes arrive', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme' }).filter((line) => !/[\r\n]/.test(line))),
      fc.integer({ min: 1, max: 40 }),
      async (lines, size) => {
        const text = lines.map((line) => `${line}\r\n`).join('')
        assert.deepEqual(await read(Buffer.from(text), size), lines)
      },
    ),
    { numRuns: 100 },
  )
})

test('a long line is cut at 64 KiB, and the next one is whole', async () => {
  const long = `${ERROR}${'x'.repeat(200_000)}`
  const lines = await read(Buffer.from(`${long}\nnext`), 10_000)
  assert.deepEqual([lines[0]?.length, lines[1]], [65_536, 'next'])
})

test('a buffer that is written over between chunks changes nothing', async () => {
  const buffer = Buffer.alloc(4)
  async function* reused() {
    for (const part of ['abcd', 'ef\ng', 'hij\n']) {
      buffer.write(part)
      yield buffer
    }
  }
  const lines: string[] = []
  for await (const line of logLines(reused())) lines.push(line)
  assert.deepEqual(lines, ['abcdef', 'ghij'])
})

test('bytes that are not UTF-8 are no reason to stop', async () => {
  const line = Buffer.concat([Buffer.from([0xff, 0xc3, 0x28, 0x0a]), Buffer.from(ERROR)])
  const { lines, entries } = await classifyLogs(logLines(chunks(line)))
  assert.deepEqual([lines, entries[0]?.cause], [2, 'no-key'])
})

/** What buffers hold once the garbage is gone. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  return process.memoryUsage().arrayBuffers
}

test('memory does not grow with the log', async () => {
  const block = Buffer.from(`${ERROR}\n${OTHER}\n`.repeat(400))
  async function* endless() {
    for (let index = 0; index < 200; index += 1) yield block
  }
  const { lines } = await classifyLogs(logLines(endless()))
  assert.equal(lines, 200 * 400 * 2)
  const held: string[] = []
  async function* oneLine() {
    for (let index = 0; index < 2_000; index += 1) yield Buffer.alloc(65_536, 'x')
    // All of the line was read, and it is not yet given back.
    atTheEnd = heldBytes()
  }
  let atTheEnd = 0
  const before = heldBytes()
  for await (const line of logLines(oneLine())) held.push(line)
  assert.ok(atTheEnd > 0 && atTheEnd - before < 1024 * 1024, `${atTheEnd - before} bytes`)
  assert.deepEqual([held.length, held[0]?.length], [1, 65_536])
})
