import { existsSync } from 'node:fs'
import { newRun, type Run } from '../apply/run.ts'

import type { DatabaseReader } from '../database/contract.ts'
import { TidegateError } from '../errors.ts'
import { type GatewayVersion, recogniseVersion } from '../gateway/versions.ts'
import { type CopyPreview, previewCopy } from '../sync/copy-preview.ts'
import type { CopyVerdict } from '../sync/copy-verify.ts'
import { confirm } from './confirm.ts'
import { type Context, describeTarget, runFacts, type RunSettings } from './context.ts'
import { printCopied, printPreview } from './copy-output.ts'
import { verify } from './copy-verify.ts'
import { type Copied, type CopyWriting, writeCopy } from './copy-write.ts'
import { tellWritten } from './copy-written.ts'
import { EXIT_CODES } from './exit-codes.ts'
import { type DatabaseSide, openSide, resolveSide } from './sides.ts'

/** The two ends of a copy. */
export interface CopyEnds {
  readonly settings: RunSettings
  readonly from: DatabaseSide
  readonly to: DatabaseSide
  readonly reader: DatabaseReader
  readonly version: GatewayVersion
  readonly include: readonly string[]
}

/** What was done, for `printCopied`. */
export interface CopyResult extends Copied {
  readonly run: Run
  readonly verdict: CopyVerdict
}

/** What `copy` does. */
export async function runCopy(context: Context): Promise<void> {
  const settings = await context.settings()
  const from = databaseSide(context, settings, 'from')
  const to = databaseSide(context, settings, 'to')
  const reader = await openSide(settings, from.target, 'copy')
  try {
    const version = recogniseVersion(await reader.catalog())
    if (version === null) throw noGateway(from)
    const include = context.strings('include')
    await copy(context, { settings, from, to, reader, version, include })
  } finally {
    await reader.close()
  }
}

function databaseSide(context: Context, settings: RunSettings, flag: 'from' | 'to'): DatabaseSide {
  const side = resolveSide(context, settings, context.string(flag) ?? '')
  if (side.kind === 'database') return side
  throw new TidegateError('usage', `--${flag} of copy is an environment with a database`, {
    nextStep: 'for example: tidegate copy --from local --to production',
  })
}

async function copy(context: Context, ends: CopyEnds): Promise<void> {
  const preview = await look(context, ends)
  if (context.flag('dry-run') || preview.problems.total > 0) {
    printPreview(context, ends, preview)
    return
  }
  const { from, to } = ends
  const rows = preview.tables.reduce((sum, table) => sum + table.rows, 0)
  const question = `Copy ${rows} rows of ${from.name} (${describeTarget(from.target)}) to ${to.name} (${describeTarget(to.target)})?`
  if (!(await confirm(context, question))) {
    context.output.note('nothing was written')
    return
  }
  const run = newRun(runFacts({ ...ends.settings, environment: to.name }, 'copy'))
  const { copied, verdict } = await tellWritten(context, ends, (onWritten) =>
    writeAndVerify(context, ends, { run, onWritten }),
  )
  if (verdict === null) {
    printPreview(context, ends, { ...preview, ...copied })
    return
  }
  printCopied(context, ends, { ...copied, run, verdict })
  if (verdict.status !== 'clean') context.exitCode = EXIT_CODES.found
}

/** No verdict where something does not fit after all, and nothing was written. */
async function writeAndVerify(
  context: Context,
  ends: CopyEnds,
  writing: CopyWriting,
): Promise<{ copied: Copied; verdict: CopyVerdict | null }> {
  const copied = await writeCopy(context, ends, writing)
  if (copied.problems.total > 0) return { copied, verdict: null }
  return { copied, verdict: await verify(context, ends, copied.scope) }
}

/** Through readers, so that nothing is written, not even a new file. */
async function look(context: Context, ends: CopyEnds): Promise<CopyPreview> {
  const { settings, to, reader, version, include } = ends
  const isMissing = to.target.dialect === 'sqlite' && !existsSync(to.target.path)
  const repairs = !context.flag('dry-run')
  const target = isMissing ? null : await openSide(settings, to.target, 'copy', { repairs })
  try {
    context.output.detail('checking whether every value fits …')
    return await previewCopy({
      reader,
      source: await reader.catalog(),
      version,
      target,
      to: { name: to.name, dialect: to.target.dialect },
      include,
    })
  } finally {
    await target?.close()
  }
}

function noGateway({ name }: DatabaseSide): TidegateError {
  return new TidegateError('not-a-gateway', `${name} is no gateway's database`, {
    nextStep: 'check which database the environment names',
  })
}
