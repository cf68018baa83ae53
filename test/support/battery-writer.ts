/**
 * Writes to a SQLite file every few milliseconds until its input ends, with the busy timeout that
 * the gateway has: `node battery-writer.ts FILE`. Says how often, and how often it failed.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'

const [path] = process.argv.slice(2)
const handle = new Sqlite(path, { fileMustExist: true, timeout: 30_000 })
handle.pragma('foreign_keys = off')
const channels = handle.prepare<[], number>('select id from channels order by id').pluck().all()
const write = handle.prepare('update channels set used_quota = used_quota + 1 where id = ?')

const counts = { writes: 0, failures: 0, longestMs: 0 }
const stop = new AbortController()
process.stdin.on('end', () => stop.abort()).resume()
console.log('ready')

for (let turn = 0; !stop.signal.aborted; turn += 1) {
  const started = performance.now()
  try {
    write.run(channels[turn % channels.length])
    counts.writes += 1
  } catch {
    counts.failures += 1
  }
  counts.longestMs = Math.max(counts.longestMs, performance.now() - started)
  await sleep(3)
}
handle.close()
console.log(JSON.stringify(counts))
