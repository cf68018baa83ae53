/** The floor of any full read: a client that takes the rows of one COPY and drops them. */
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'

const [url, query] = process.argv.slice(2)
const client = new pg.Client({ connectionString: url })
await client.connect()
const started = performance.now()
let bytes = 0
for await (const chunk of client.query(copyTo(`copy (${query}) to stdout`))) {
  bytes += (chunk as Buffer).length
}
console.log(JSON.stringify({ ms: performance.now() - started, bytes }))
await client.end()
