import { z } from 'zod'
import { DIALECTS } from '../database/contract.ts'
import { PLAN_REASONS } from './plan.ts'

/** What a plan file holds, to its last member; maps are lists of their entries. */

export const PLAN_SCHEMA = 'urn:tidegate:plan:v1'

export const PLAN_VERSION = 1

const name = z.string().max(1_000)
const cell = z.string().nullable()
const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`))
const locator = z.record(name, z.string())

/** Of a secret: a fingerprint, or only whether it is set. */
const HIDDEN = /^(?:|set|[0-9a-f]{16,64})$/

const naturalKey = z.string().refine(isNaturalKey, 'it is no list of texts')

const entries = z.array(z.tuple([name, cell])).transform((list) => new Map(list))

const cellChange = z
  .strictObject({
    column: name,
    before: cell,
    after: cell,
    difference: z.enum(['different', 'formatting']),
    secret: z.boolean(),
    reference: z.strictObject({ table: name }).exactOptional(),
  })
  .refine(
    ({ secret, before, after }) =>
      !secret || [before, after].every((value) => value === null || HIDDEN.test(value)),
    'it holds a secret',
  )

const place = { table: name, key: naturalKey }

const cells = z.tuple([cellChange], cellChange)

const ability = {
  group: z.string(),
  model: z.string(),
  enabled: z.boolean(),
  priority: cell,
  weight: cell,
  tag: cell,
}

const row = z.strictObject({ ...place, locator, cells: entries })

const rebuild = z.strictObject({
  kind: z.literal('rebuild'),
  table: z.literal('abilities'),
  key: naturalKey,
  channelId: z.string().nullable(),
  source: entries.nullable(),
  insert: z.array(z.strictObject({ ...ability, own: entries.exactOptional() })),
  update: z.array(z.strictObject({ before: row, after: z.strictObject(ability) })),
  remove: z.array(row),
})

const change = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('insert'), ...place, cells }),
  z.strictObject({ kind: z.literal('update'), ...place, locator, cells }),
  z.strictObject({ kind: z.literal('delete'), ...place, locator, cells }),
  rebuild,
])

const reference = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('env'), name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/) }),
  z.strictObject({ kind: z.literal('file'), path: name }),
  z.strictObject({ kind: z.literal('placeholder') }),
  z.strictObject({ kind: z.literal('keep') }),
])

const item = z
  .strictObject({
    id: hex(12),
    table: name,
    key: z.array(z.string()),
    operation: z.enum(['insert', 'update', 'delete']),
    reason: z.enum(PLAN_REASONS),
    source: name,
    changes: z.tuple([change], change),
    secrets: z.array(z.strictObject({ column: name, reference })),
  })
  .refine(
    ({ operation, table, changes }) =>
      changes.every(
        (one) => one.kind === 'rebuild' || (one.kind === operation && one.table === table),
      ),
    'it writes another row than it shows',
  )

const plan = z.strictObject({
  command: name,
  from: z.strictObject({ name, kind: z.enum(['database', 'snapshot', 'seeds']) }),
  target: z.strictObject({
    environment: name,
    dialect: z.enum(DIALECTS),
    label: name,
    id: hex(16),
  }),
  gateway: name.nullable(),
  keyId: hex(8).nullable(),
  items: z.array(item),
  memory: z.array(
    z.strictObject({
      seed: name,
      rowKey: z.string(),
      table: name,
      key: z.string(),
      rowId: z.string().nullable(),
      cells: z.string(),
    }),
  ),
  forgotten: z.array(z.strictObject({ seed: name, rowKey: z.string() })),
  seeds: z.array(z.strictObject({ name, checksum: name })),
})

export const planDocument = z.strictObject({
  $schema: z.literal(PLAN_SCHEMA),
  version: z.literal(PLAN_VERSION),
  tool: z.strictObject({ name: z.literal('tidegate'), version: name }),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  plan,
  digest: hex(64),
  seal: hex(64).nullable(),
})

function isNaturalKey(text: string): boolean {
  try {
    const parts: unknown = JSON.parse(text)
    return Array.isArray(parts) && parts.every((part) => part === null || typeof part === 'string')
  } catch {
    return false
  }
}
