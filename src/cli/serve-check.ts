import type { Settings } from '../config/settings.ts'
import type { DatabaseReader } from '../database/contract.ts'
import type { ConnectionFacts, Diagnosis } from '../doctor/diagnosis.ts'
import { examine } from '../doctor/examine.ts'
import { readAccepted } from '../drift/accepted-file.ts'
import { TidegateError } from '../errors.ts'
import { listMigrations, type MigrationFile } from '../migrate/files.ts'
import { renderDoctor } from '../report/doctor/formats.ts'
import type { CheckResult, RunCheck } from '../serve/check.ts'
import { cacheModes } from './cache-modes.ts'
import type { Context } from './context.ts'
import { knownSeeds } from './doctor-input.ts'
import { readFingerprinter } from './fingerprint-key.ts'
import { countChannels, countMigrations } from './serve-counts.ts'
import { compareWithSeeds, type SeedCheck } from './serve-drift.ts'
import { openSide } from './sides.ts'
import { VERSION } from './version.ts'

/** What stays the same from check to check: it comes from files and variables. */
interface Declared extends SeedCheck {
  readonly context: Context
  readonly settings: Settings
  readonly migrations: readonly MigrationFile[]
}

/**
 * Loads seeds, migrations and the accepted list, once: they belong to what is deployed.
 * @throws TidegateError when one of them is not as it should be
 */
export async function prepareCheck(context: Context, settings: Settings): Promise<RunCheck> {
  const { root, environment, migrationsFolder, acceptedFile } = settings
  const declared: Declared = {
    context,
    settings,
    seeds: await knownSeeds(context, settings),
    migrations: await listMigrations(migrationsFolder),
    accepted: await readAccepted(acceptedFile, root),
    fingerprinter: readFingerprinter(context, settings),
    environment,
    commands: context.commands,
  }
  return (signal) => check(declared, signal)
}

async function check(declared: Declared, signal: AbortSignal): Promise<CheckResult> {
  const startedAt = performance.now()
  const reader = await openUntil(signal, declared.settings)
  const stop = () => void reader.close()
  signal.addEventListener('abort', stop, { once: true })
  try {
    const connection = await measure(reader, startedAt)
    return await look(declared, reader, connection)
  } finally {
    signal.removeEventListener('abort', stop)
    await reader.close()
  }
}

/** A driver cannot be told to stop connecting: what it opens too late is closed again. */
async function openUntil(signal: AbortSignal, settings: Settings): Promise<DatabaseReader> {
  const opening = openSide(settings, settings.target, 'serve')
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  const stop = () => reject(new TidegateError('interrupted', 'the check was stopped'))
  signal.addEventListener('abort', stop, { once: true })
  try {
    if (signal.aborted) stop()
    return await Promise.race([opening, stopped])
  } catch (error) {
    opening.then(
      (reader) => reader.close(),
      () => undefined,
    )
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** Milliseconds from nothing to the answer of the smallest query, which reads no row. */
async function measure(reader: DatabaseReader, startedAt: number): Promise<ConnectionFacts> {
  const connectedAt = performance.now()
  await reader.size('channels')
  const answeredAt = performance.now()
  const sample = {
    dns: null,
    tcp: null,
    tls: null,
    authentication: null,
    query: answeredAt - connectedAt,
    total: answeredAt - startedAt,
  }
  return { samples: [sample], medianMs: sample.total, median: sample }
}

async function look(
  declared: Declared,
  reader: DatabaseReader,
  connection: ConnectionFacts,
): Promise<CheckResult> {
  const { settings, seeds, migrations, context } = declared
  const { environment, variables } = settings
  const diagnosis = await examine({
    reader,
    environment,
    toolVersion: VERSION,
    scope: { path: null, models: [], token: null, user: null, group: null },
    seeds,
    variables,
    modes: cacheModes(context, settings),
    failOn: 'error',
    connection,
  })
  const catalog = await reader.catalog()
  return {
    diagnosis,
    ...(await countChannels(reader, catalog, variables)),
    ...(await compareWithSeeds(reader, declared)),
    migrations: await countMigrations(reader, catalog, migrations),
    connectionSeconds: connection.medianMs / 1000,
    page: pageOf(context, diagnosis),
  }
}

/** Made when it is first asked for: most checks are never looked at. */
function pageOf(context: Context, diagnosis: Diagnosis): CheckResult['page'] {
  let page: Promise<string> | undefined
  const { redactor } = context.output
  const options = { language: context.language, width: Number.POSITIVE_INFINITY, colors: false }
  return () =>
    (page ??= renderDoctor('html', diagnosis, options).then((html) => redactor.redact(html)))
}
