import { sql } from 'kysely'
import type { BucketDigest, StreamRequest } from '../contract.ts'
import { bucketOf, describeStream, hashOf } from './fields.ts'
import type { PostgresReading } from './reading.ts'

/** `bit_xor` came with this version. */
const MINIMUM_VERSION = 140_000

/** One query. See `DatabaseReader.digest`. */
export async function digestBuckets(
  reading: PostgresReading,
  request: StreamRequest,
  count: number,
): Promise<ReadonlyMap<number, BucketDigest> | null> {
  const { connection, queries } = reading
  const [version] = await connection.rows(`select current_setting('server_version_num')::int`)
  if ((version![0] as number) < MINIMUM_VERSION) return null
  const { texts, source, settings } = describeStream(request)
  const bucket = bucketOf(
    hashOf(request.columns.slice(0, request.keyLength), texts),
    count,
    settings,
  )
  const row = sql`('x' || left(${hashOf(request.columns, texts)}, 16))::bit(64)::bigint`
  const select = sql`
    select ${bucket}::int, count(*)::float8, lpad(to_hex(bit_xor(${row})), 16, '0')
    ${source} group by 1`
  await settings.apply(reading)
  const rows = await connection.rows(select.compile(queries).sql)
  return new Map(
    (rows as [number, number, string][]).map(([number, rows, digest]) => {
      return [number, { rows, digest }]
    }),
  )
}
