import type { Settings } from '../config/settings.ts'
import { checkAccess, type GatewayAccess, reloadGateway } from '../doctor/reload.ts'
import { ConfigError, TidegateError } from '../errors.ts'
import type { Context } from './context.ts'
import { readGatewayAccess } from './gateway-access.ts'

const AFTER_APPLY_TIMEOUT_MS = 120_000

/**
 * What `--reload` does once something was written: `afterApply` of the configuration file, else the
 * gateway's own call. Null without the flag.
 * @throws ConfigError before anything is written, when nothing says what to do
 */
export function prepareReload(context: Context, settings: Settings): (() => Promise<void>) | null {
  if (!context.flag('reload')) return null
  const { afterApply } = settings
  if (afterApply !== null) return () => runCommand(context, settings, afterApply)
  const access = readGatewayAccess(context, settings)
  if (access === null) {
    const problem =
      'needs TIDEGATE_GATEWAY_URL, TIDEGATE_GATEWAY_TOKEN and TIDEGATE_GATEWAY_USER, or afterApply in the configuration file'
    throw new ConfigError([{ source: '--reload', problem }])
  }
  checkAccess(access)
  return () => callGateway(context, access)
}

/**
 * Says what a run did, and reloads: people are told what is written also where that fails, and a
 * program gets one document, that of the failure.
 */
export async function reportAndReload(
  { output }: Context,
  reload: (() => Promise<void>) | null,
  report: () => void,
): Promise<void> {
  if (output.json) await reload?.()
  report()
  if (!output.json) await reload?.()
}

async function callGateway({ output }: Context, access: GatewayAccess): Promise<void> {
  output.note('the gateway reloads its channels …')
  try {
    await reloadGateway(access)
  } catch (error) {
    if (!(error instanceof TidegateError)) throw error
    const { code, message, nextStep, details } = error
    const options = { details, cause: error, ...(nextStep === undefined ? {} : { nextStep }) }
    throw new TidegateError(code, `the rows are written, but ${message}`, options)
  }
}

async function runCommand(
  { output, env }: Context,
  { root }: Settings,
  command: string,
): Promise<void> {
  const { runAfterApply } = await import('./after-apply.ts')
  output.note('running afterApply …')
  const options = { cwd: root, env, output, timeoutMs: AFTER_APPLY_TIMEOUT_MS }
  const { exitCode, timedOut } = await runAfterApply(command, options)
  if (exitCode === 0 && !timedOut) return
  const how = timedOut
    ? `was ended after ${AFTER_APPLY_TIMEOUT_MS / 1000} s`
    : `ended with exit code ${exitCode ?? 'none'}`
  throw new TidegateError('gateway', `the rows are written, but afterApply ${how}`, {
    nextStep: 'run it by hand, or restart the gateway',
  })
}
