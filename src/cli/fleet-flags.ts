import { resolve } from 'node:path'
import { TidegateError } from '../errors.ts'
import type { Arguments, Context } from './context.ts'
import type { FleetRule } from './fleet-commands.ts'

/** What `--env` says. @throws TidegateError when it is one name, or nothing */
export function readPattern(context: Context): string {
  const pattern = context.string('env') ?? ''
  if (/[*,]/.test(pattern)) return pattern
  const flags = '--parallel, --fleet-report and --resume are for several environments'
  throw new TidegateError('usage', flags, {
    nextStep: "name them: --env 'prod-*' or --env prod-eu,prod-us",
  })
}

/** @throws TidegateError for what is meant for one environment, or is needed for several */
export function refuseFlags(args: Arguments, { refused, needed }: FleetRule): void {
  const [flag] = Object.keys(refused).filter((name) => args[name] !== refused[name])
  if (flag !== undefined) {
    throw new TidegateError('usage', `--${flag} is for one environment`, {
      nextStep: `leave --${flag} out, or name one environment with --env`,
    })
  }
  const missing = needed.find((name) => args[name] !== true)
  if (missing === undefined) return
  throw new TidegateError('usage', `several environments need --${missing}: nobody is asked`, {
    nextStep: `look at the plan of one of them, then add --${missing}`,
  })
}

const MOST_PARALLEL = 64

/** How many environments at a time. @throws TidegateError */
export function readParallel(context: Context): number {
  const parallel = context.number('parallel') ?? 1
  if (Number.isInteger(parallel) && parallel >= 1 && parallel <= MOST_PARALLEL) return parallel
  throw new TidegateError('usage', `--parallel is a whole number from 1 to ${MOST_PARALLEL}`, {
    nextStep: 'for example: --parallel 8',
  })
}

/** The absolute path that a flag gives; null without the flag. */
export function pathOf(context: Context, flag: string): string | null {
  const file = context.string(flag)
  return file === undefined ? null : resolve(context.cwd, file)
}
