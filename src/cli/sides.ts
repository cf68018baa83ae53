import { existsSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import type { Settings } from '../config/settings.ts'
import type { DatabaseReader, ReaderOptions, Target } from '../database/contract.ts'
import { openReader } from '../database/open.ts'
import { TidegateError } from '../errors.ts'
import type { Context } from './context.ts'
import { VERSION } from './version.ts'
import { limitYoungGarbage } from './young-garbage.ts'

/** What `--from` and `--to` can name. */
export type Side =
  | { readonly kind: 'seeds'; readonly name: 'seeds' }
  | { readonly kind: 'snapshot'; readonly name: string; readonly path: string }
  | DatabaseSide

export interface DatabaseSide {
  readonly kind: 'database'
  readonly name: string
  readonly target: Target
  /** What says where it is; see `Settings.targetSource`. */
  readonly source: string
}

/** A side that has rows to read. */
export type RowSide = Exclude<Side, { kind: 'seeds' }>

/** `seeds`, a snapshot file (it exists, or its name looks like a path), or an environment. */
export function resolveSide(context: Context, settings: Settings, name: string): Side {
  if (name === 'seeds') return { kind: 'seeds', name }
  const path = resolve(settings.root, name)
  if (/[/\\]|\.jsonl$/.test(name)) {
    if (existsSync(path)) return { kind: 'snapshot', name: relative(settings.root, path), path }
    throw new TidegateError('usage', 'there is no such snapshot file', {
      nextStep: 'check the path, or make it with `tidegate snapshot save`',
    })
  }
  if (name === settings.environment) {
    return { kind: 'database', name, target: settings.target, source: settings.targetSource }
  }
  const { target, secrets, warnings, source } = settings.targetOf(name)
  context.output.redactor.add(secrets)
  for (const warning of warnings) context.output.warn(warning)
  context.output.detail(`environment ${name}: ${target.label} (from ${source})`)
  return { kind: 'database', name, target, source }
}

/** A comparison reads whole tables, at the pace of the slower side. */
const READ_TIMEOUT_MS = 600_000

/**
 * Opens a database in a way that cannot write to it. `repairs`, for a command that is going to write
 * to it: see `ReaderOptions`.
 */
export async function openSide(
  { connectTimeoutMs, statementTimeoutMs }: Settings,
  target: Target,
  command: string,
  { repairs = false }: Pick<ReaderOptions, 'repairs'> = {},
): Promise<DatabaseReader> {
  const applicationName = `tidegate ${VERSION} ${command}`
  const isEndless = statementTimeoutMs === 0
  await limitYoungGarbage()
  return openReader(target, {
    applicationName,
    connectTimeoutMs,
    statementTimeoutMs: isEndless ? 0 : Math.max(statementTimeoutMs, READ_TIMEOUT_MS),
    repairs,
  })
}
