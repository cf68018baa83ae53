import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { z } from 'zod'
import type { DriftReport } from '../diff/drift-report.ts'
import { FAIL_LEVELS, FINDING_CLASSES, FINDING_KINDS, SEVERITIES } from '../diff/finding.ts'
import { TidegateError } from '../errors.ts'
import { REPORT_SCHEMA } from './report.ts'
import { resolutionsFor } from './resolutions.ts'

/** Larger than any report of the listed findings. */
const MAX_BYTES = 64 * 1024 * 1024

const text = z.string().max(1_000_000)
const name = z.string().max(1_000)
const count = z.number().int().min(0)
const shown = text.nullable()

const cell = z.strictObject({
  column: name,
  path: text.nullable(),
  difference: z.enum(['different', 'formatting']),
  class: z.enum(FINDING_CLASSES),
  present: z.enum(['both', 'from', 'to']),
  from: shown,
  to: shown,
  base: shown.optional(),
  secret: z.boolean(),
  added: z.array(text),
  removed: z.array(text),
  pin: name,
})

const finding = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{12}$/),
  kind: z.enum(FINDING_KINDS),
  class: z.enum(FINDING_CLASSES),
  severity: z.enum(SEVERITIES),
  table: name,
  key: z.array(text),
  side: z.enum(['from', 'to']).nullable(),
  message: text,
  cells: z.array(cell),
  acceptance: z.strictObject({ reason: text, owner: text, expires: z.iso.date() }).nullable(),
  // Commands of somebody else's report are not repeated as advice of ours.
  resolutions: z.array(z.unknown()),
  location: z.strictObject({ file: name, line: count }).nullable(),
})

const side = z.strictObject({
  name,
  kind: z.enum(['database', 'snapshot', 'seeds']),
  dialect: z.enum(['sqlite', 'postgres']).nullable(),
  label: name,
  gateway: name.nullable(),
  takenAt: z.iso.datetime(),
})

const table = z.strictObject({
  table: name,
  status: z.enum(['complete', 'incomplete', 'absent']),
  reason: text.nullable(),
  from: count.nullable(),
  to: count.nullable(),
  unlisted: count,
  way: z
    .strictObject({
      algorithm: z.enum(['stream', 'buckets', 'memory', 'derivation']),
      reason: text,
      bytes: count,
      scans: count,
      roundTrips: count,
      milliseconds: z.number(),
    })
    .nullable(),
})

const counts = <K extends string>(names: readonly [K, ...K[]]) =>
  z.strictObject(Object.fromEntries(names.map((one) => [one, count])) as Record<K, typeof count>)

const report = z.strictObject({
  $schema: z.literal(REPORT_SCHEMA),
  version: z.literal(1),
  tool: z.strictObject({ name: z.literal('tidegate'), version: name }),
  createdAt: z.iso.datetime(),
  verdict: z.strictObject({
    status: z.enum(['clean', 'different', 'incomplete']),
    failOn: z.enum(FAIL_LEVELS),
    failing: z.boolean(),
    counts: counts(FINDING_CLASSES),
    severities: counts(SEVERITIES),
    converged: count,
    tables: count,
  }),
  from: side,
  to: side,
  base: z.strictObject({ kind: z.enum(['applied', 'snapshot', 'none']), label: name.nullable() }),
  secrets: z.strictObject({
    compared: z.enum(['fingerprint', 'state']),
    keyId: z
      .string()
      .regex(/^[0-9a-f]{8}$/)
      .nullable(),
    unknown: count,
  }),
  tables: z.array(table),
  findings: z.array(finding),
  omitted: count,
  notCompared: z.array(name),
})

/**
 * Reads a report that may come from anybody: it is checked to its last member, and what to do about
 * its findings is said anew. @throws TidegateError when it is no report of this version.
 */
export async function readReport(
  cwd: string,
  file: string,
  commands: ReadonlySet<string>,
): Promise<DriftReport> {
  const parsed = parse(await readText(resolve(cwd, file)))
  const { from, to } = parsed
  const sides = { from: from.name, to: to.name, fromKind: from.kind, toKind: to.kind, commands }
  const findings = parsed.findings.map(({ cells, ...one }) => ({
    ...one,
    cells: cells.map(({ base, ...rest }) => (base === undefined ? rest : { ...rest, base })),
    resolutions: resolutionsFor({ ...one, isEnsured: one.location !== null }, sides),
  }))
  if (countOf(parsed.verdict.counts) !== findings.length + parsed.omitted) {
    throw broken('its counts are not those of its findings')
  }
  return { ...parsed, findings }
}

function countOf(numbers: Readonly<Record<string, number>>): number {
  return Object.values(numbers).reduce((sum, number) => sum + number, 0)
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path)
    if (size > MAX_BYTES) throw broken('it is too large')
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof TidegateError) throw error
    throw broken('it cannot be read')
  }
}

function parse(json: string): z.infer<typeof report> {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    throw broken('it is no JSON')
  }
  const result = report.safeParse(value)
  if (result.success) return result.data
  const place = result.error.issues[0]!.path.map(String).join('.')
  throw broken(place === '' ? 'it is no drift report' : `it is no drift report at ${place}`)
}

function broken(problem: string): TidegateError {
  return new TidegateError('usage', `the report file cannot be used: ${problem}`, {
    nextStep: 'write one with `tidegate drift --format json --output FILE.json`',
  })
}
