import type { Settings } from '../config/settings.ts'
import type { Target } from '../database/contract.ts'
import { timeConnection } from '../database/open.ts'
import { measureConnection } from '../doctor/connection.ts'
import type { ConnectionFacts, Diagnosis, Scope } from '../doctor/diagnosis.ts'
import { examine } from '../doctor/examine.ts'
import { SEVERITIES, type Severity } from '../doctor/rule-table.ts'
import { declareSeeds, type DeclaredSeed } from '../seed/declare.ts'
import { loadSeeds } from '../seed/files.ts'
import { cacheModes } from './cache-modes.ts'
import type { Context } from './context.ts'
import { openSide } from './sides.ts'
import { VERSION } from './version.ts'

/** Looks at the database of the environment; nothing is written to it. */
export async function diagnose(context: Context): Promise<Diagnosis> {
  const settings = await context.settings()
  const seeds = await knownSeeds(context, settings)
  const connection = await timeConnections(context, settings)
  const reader = await openSide(settings, settings.target, 'doctor')
  try {
    context.output.note(`reading ${settings.environment} …`)
    return await examine({
      reader,
      environment: settings.environment,
      toolVersion: VERSION,
      scope: scopeOf(context),
      seeds,
      variables: settings.variables,
      modes: cacheModes(context, settings),
      failOn: failLevel(context),
      connection,
    })
  } finally {
    await reader.close()
  }
}

/** What the seeds declare as far as their inputs are set: looking needs no keys. */
export async function knownSeeds(
  { output }: Context,
  { seedsFolder, environment, variables, root }: Settings,
): Promise<DeclaredSeed[]> {
  const files = await loadSeeds(seedsFolder, environment)
  const seeds = declareSeeds(files, variables, root, 'leave-out')
  output.redactor.add(seeds.flatMap(({ secrets }) => secrets))
  return seeds
}

function timeConnections({ output }: Context, settings: Settings): Promise<ConnectionFacts> {
  const { target }: { target: Target } = settings
  output.note(`connecting to ${target.label} …`)
  const { connectTimeoutMs, statementTimeoutMs } = settings
  const applicationName = `tidegate ${VERSION} doctor`
  return measureConnection(() =>
    timeConnection(target, { applicationName, connectTimeoutMs, statementTimeoutMs }),
  )
}

function scopeOf(context: Context): Scope {
  return {
    path: context.string('path') ?? null,
    models: context.strings('model'),
    token: context.string('token-name') ?? null,
    user: context.string('user') ?? null,
    group: context.string('group') ?? null,
  }
}

function failLevel(context: Context): Severity {
  return SEVERITIES.find((severity) => severity === context.string('fail-on')) ?? 'error'
}
