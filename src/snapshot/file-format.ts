import { z } from 'zod'
import { TYPE_FAMILIES } from '../database/contract.ts'

/**
 * A snapshot file: JSON Lines, one row per line in the order of its key, so that two of them can
 * be compared by eye. Described in docs/snapshots.md.
 */

export const SNAPSHOT_VERSION = 1

/** Larger files are no configuration any more. */
export const MAX_SNAPSHOT_BYTES = 256 * 1024 * 1024

const cell = z.union([z.string(), z.null()])

export const headerLine = z.strictObject({
  tidegate: z.literal('snapshot'),
  version: z.literal(SNAPSHOT_VERSION),
  name: z.string().max(200),
  dialect: z.enum(['sqlite', 'postgres']),
  takenAt: z.iso.datetime(),
  /** Which key the fingerprints were made with; null when secrets are only `set` or empty. */
  fingerprintKey: z
    .string()
    .regex(/^[0-9a-f]{8}$/)
    .nullable(),
})

/** The columns of a table as its database declares them. */
export const schemaLine = z.strictObject({
  schema: z.string(),
  columns: z.record(
    z.string(),
    z.strictObject({
      type: z.string(),
      family: z.enum(TYPE_FAMILIES),
      maxLength: z.number().int().nullable(),
      nullable: z.boolean(),
      keyPosition: z.number().int().nullable(),
      unique: z.boolean(),
    }),
  ),
})

export const tableLine = z.strictObject({
  table: z.string(),
  /** Names of the compared columns, the key first. */
  columns: z.array(z.string()).min(1),
  keyLength: z.number().int().min(1),
})

/** Columns that are not named are NULL. */
export const rowLine = z.strictObject({ row: z.record(z.string(), z.string()) })

/** A channel whose abilities are not what the gateway derives from it. */
export const staleLine = z.strictObject({
  stale: z.array(z.string()),
  isOrphan: z.boolean(),
  insert: z.number().int(),
  update: z.number().int(),
  remove: z.number().int(),
})

/** What a seed last applied to one row. */
export const baseLine = z.strictObject({
  base: z.string(),
  rowKey: z.string(),
  table: z.string(),
  key: z.array(cell),
  cells: z.record(z.string(), cell),
})

/** Written last: a file that lacks it ended early. */
export const endLine = z.strictObject({
  end: z.literal('snapshot'),
  rows: z.number().int(),
  /** SHA-256 of every byte before this line. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

export type HeaderLine = z.infer<typeof headerLine>
export type SchemaLine = z.infer<typeof schemaLine>
export type TableLine = z.infer<typeof tableLine>
export type BaseLine = z.infer<typeof baseLine>
export type StaleLine = z.infer<typeof staleLine>
