import { readFile, stat } from 'node:fs/promises'
import { TidegateError } from '../errors.ts'
import { replaceFile } from '../replace-file.ts'
import type { Secret } from '../secret.ts'
import type { Plan } from './plan.ts'
import { digestOf, entriesOfMaps, isSealOf, sealOf } from './plan-seal.ts'
import { PLAN_SCHEMA, PLAN_VERSION, planDocument } from './plan-shape.ts'

/** A plan as it lies in a file. Described in docs/plans.md. */
export interface PlanDocument {
  readonly $schema: typeof PLAN_SCHEMA
  readonly version: typeof PLAN_VERSION
  readonly tool: { readonly name: 'tidegate'; readonly version: string }
  /** ISO 8601, UTC. */
  readonly createdAt: string
  readonly expiresAt: string
  readonly plan: Plan
  /** SHA-256 over the canonical JSON of all of the above. */
  readonly digest: string
  /** HMAC-SHA-256 over the digest; null where no key was set. */
  readonly seal: string | null
}

export interface SealOptions {
  readonly toolVersion: string
  readonly createdAt: Date
  readonly expiresAt: Date
  /** Null for a plan without a seal. */
  readonly key: Secret | null
}

/** Larger ones are no configuration any more. */
const MAX_BYTES = 64 * 1024 * 1024

const ANEW = 'make it anew with `tidegate plan --output FILE.json`'

export function sealPlan(plan: Plan, options: SealOptions): PlanDocument {
  const { toolVersion, createdAt, expiresAt, key } = options
  const body = {
    $schema: PLAN_SCHEMA,
    version: PLAN_VERSION,
    tool: { name: 'tidegate', version: toolVersion },
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    plan,
  } as const
  const digest = digestOf(body)
  return { ...body, digest, seal: key === null ? null : sealOf(digest, key) }
}

/**
 * Replaces the file as a whole; readable by its owner only: it holds a gateway's configuration.
 * @throws TidegateError `plan` when the file cannot be written, or would be too large to be read.
 */
export async function writePlanFile(
  path: string,
  document: PlanDocument,
  escape: (json: string) => string = (json) => json,
): Promise<void> {
  const json = `${escape(JSON.stringify(document, entriesOfMaps, 2))}\n`
  if (Buffer.byteLength(json) > MAX_BYTES) {
    throw new TidegateError('plan', 'the plan is too large for a file', {
      nextStep: 'divide it with --select or --tables',
    })
  }
  try {
    await replaceFile(path, json, 0o600)
  } catch (error) {
    throw new TidegateError('plan', `the plan cannot be written to ${path}`, {
      nextStep: 'check that the folder exists, may be written to and has room',
      cause: error,
    })
  }
}

/**
 * Reads a plan that may come from anybody: it is checked to its last member. `shown` is what the
 * user calls the file. @throws TidegateError `plan` when it is none of this version, or altered.
 */
export async function readPlanFile(path: string, shown: string): Promise<PlanDocument> {
  const value = parse(await readText(path, shown), shown)
  assertKind(value, shown)
  const { digest, seal: _, ...body } = value
  if (typeof digest === 'string' && digest !== digestOf(body)) {
    throw unusable(shown, 'it was altered after it was made')
  }
  const result = planDocument.safeParse(value)
  if (result.success) return result.data
  const { path: where, code, message } = result.error.issues[0]!
  const place = where.map(String).join('.')
  const why = code === 'custom' ? `: ${message}` : ''
  throw unusable(shown, `it is no plan${place === '' ? '' : ` at ${place}`}${why}`)
}

/**
 * @throws TidegateError `plan` when the plan has expired, or its seal is not that of the key. With
 *   a key only sealed plans are taken, and sealed ones only with their key.
 */
export function assertUsable(
  { digest, seal, expiresAt }: PlanDocument,
  { key, now, shown }: { readonly key: Secret | null; readonly now: Date; readonly shown: string },
): void {
  if (seal === null && key !== null) {
    throw unusable(shown, 'it has no seal, and TIDEGATE_PLAN_KEY says that plans have one')
  }
  if (seal !== null && key === null) {
    throw unusable(shown, 'it is sealed, and no key is set to check that', SAME_KEY)
  }
  if (seal !== null && key !== null && !isSealOf(seal, digest, key)) {
    throw unusable(shown, 'its seal was made with another key', SAME_KEY)
  }
  if (now >= new Date(expiresAt)) throw unusable(shown, `it expired at ${expiresAt}`)
}

const SAME_KEY = 'set TIDEGATE_PLAN_KEY as it was set for `tidegate plan`'

async function readText(path: string, shown: string): Promise<string> {
  try {
    const { size } = await stat(path)
    if (size > MAX_BYTES) throw unusable(shown, 'it is larger than 64 MiB')
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof TidegateError) throw error
    throw unusable(shown, 'it cannot be read')
  }
}

function parse(json: string, shown: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    if (json.slice(0, 200).includes('urn:tidegate:plan:')) {
      throw unusable(shown, 'it is cut off, or no JSON any more')
    }
  }
  throw unusable(shown, 'it is no plan')
}

function assertKind({ $schema, version }: Record<string, unknown>, shown: string): void {
  if (typeof $schema !== 'string' || !$schema.startsWith('urn:tidegate:plan:')) {
    throw unusable(shown, 'it is no plan')
  }
  if ($schema === PLAN_SCHEMA && version === PLAN_VERSION) return
  const next = 'use the version of tidegate that made it, or make it anew with this one'
  throw unusable(
    shown,
    'another version of tidegate made it, whose plans this one cannot read',
    next,
  )
}

function unusable(shown: string, problem: string, nextStep = ANEW): TidegateError {
  return new TidegateError('plan', `the plan ${shown} cannot be used: ${problem}`, { nextStep })
}
