import { parseDuration } from '../../config/duration.ts'
import { normalizeIpv6, parseIpv4 } from '../../config/ip-address.ts'
import type { Settings } from '../../config/settings.ts'
import { readSecret } from '../../config/variables.ts'
import { ConfigError, TidegateError } from '../../errors.ts'
import { shorten } from '../../report/escape.ts'
import type { Secret } from '../../secret.ts'
import type { AppOptions } from '../../serve/app.ts'
import type { CommandDefinition } from '../command.ts'
import { type Context, describeTarget } from '../context.ts'
import { describeError, type Output } from '../output.ts'
import { VERSION } from '../version.ts'

export const serve: CommandDefinition = {
  command: 'serve',
  describe: 'answer health checks and Prometheus, from checks of the database on an interval',
  options: {
    host: {
      type: 'string',
      requiresArg: true,
      default: '127.0.0.1',
      describe: 'address to listen at; 0.0.0.0 or :: for all of the machine',
    },
    port: {
      type: 'number',
      requiresArg: true,
      default: 8377,
      describe: 'port to listen on; 0 takes any that is free',
    },
    interval: {
      type: 'string',
      requiresArg: true,
      default: '30s',
      describe: 'time between two checks, 1s or more',
    },
  },
  examples: [
    ['$0 serve', 'http://127.0.0.1:8377/healthz'],
    ['$0 serve --env production --host 0.0.0.0 --interval 1m', 'in a container'],
  ],
  run: runServe,
}

async function runServe(context: Context): Promise<void> {
  const { output } = context
  const address = { host: context.string('host') ?? '', port: readPort(context) }
  const intervalMs = readInterval(context)
  const settings = await context.settings()
  const token = readToken(context, settings)
  if (token === null && !isLoopback(address.host)) {
    output.warn(
      `other machines can reach ${address.host}: set TIDEGATE_SERVE_TOKEN to keep them from the metrics`,
    )
  }
  const [{ serve: listenAndCheck }, { prepareCheck }] = await Promise.all([
    import('../../serve/serve.ts'),
    import('../serve-check.ts'),
  ])
  const runCheck = await prepareCheck(context, settings)
  await listenAndCheck({
    ...address,
    intervalMs,
    token,
    runCheck,
    version: VERSION,
    signal: context.stopSignal(),
    onListening: (url) => announce(output, settings, url),
    onCheck: newsOf(output),
    onFault: (error) => output.warn(`an answer could not be made: ${describeError(error).message}`),
    onRequest: output.verbosity === 'verbose' ? logTo(output) : null,
  })
  output.note('stopped')
}

const HIGHEST_PORT = 65_535

function readPort(context: Context): number {
  const port = context.number('port') ?? Number.NaN
  if (Number.isInteger(port) && port >= 0 && port <= HIGHEST_PORT) return port
  throw new TidegateError('usage', `--port is a whole number from 0 to ${HIGHEST_PORT}`, {
    nextStep: 'for example: --port 8377',
  })
}

const SHORTEST_INTERVAL_MS = 1_000

function readInterval(context: Context): number {
  const interval = parseDuration(context.string('interval') ?? '')
  if (interval !== null && interval >= SHORTEST_INTERVAL_MS) return interval
  throw new TidegateError('usage', '--interval is a time of 1s or more', {
    nextStep: 'for example: --interval 30s',
  })
}

const TOKEN_VARIABLE = 'TIDEGATE_SERVE_TOKEN'

/** Guessing this many characters over a network is hopeless. */
const MIN_TOKEN_LENGTH = 16

/** From TIDEGATE_SERVE_TOKEN or its _FILE; null when neither is set. */
function readToken(context: Context, settings: Settings): Secret | null {
  const reading = readSecret(settings.variables, TOKEN_VARIABLE, settings.root)
  if (reading === null) return null
  if ('fault' in reading) throw new ConfigError([reading.fault])
  const { secret, warnings } = reading
  context.output.redactor.add([secret])
  for (const warning of warnings) context.output.warn(warning)
  const token = secret.reveal()
  if (token.length >= MIN_TOKEN_LENGTH && /^[\x21-\x7e]+$/.test(token)) return secret
  const problem = `it is no ${MIN_TOKEN_LENGTH} or more visible ASCII characters without blanks`
  throw new ConfigError([{ source: TOKEN_VARIABLE, problem }], 'make one: `openssl rand -hex 32`')
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || parseIpv4(host)?.[0] === 127 || normalizeIpv6(host) === '::1'
}

function announce(output: Output, { target, environment }: Settings, url: string): void {
  output.note(`checking ${environment}: ${describeTarget(target)}`)
  output.note(`listening at ${url}`)
  output.data({ command: 'serve', url })
}

/** Says what fails once, not at each attempt, and that it works again. */
function newsOf(output: Output): (error: unknown) => void {
  let told: string | null = null
  return (error) => {
    const message = error === null ? null : describeError(error).message
    if (message === told) return
    if (message === null) output.note('checks work again')
    else output.warn(`the check failed: ${message}`)
    told = message
  }
}

const LONGEST_PATH = 200

function logTo(output: Output): NonNullable<AppOptions['onRequest']> {
  return ({ method, path, status, milliseconds }) =>
    output.detail(
      `${method} ${shorten(path, LONGEST_PATH)} ${status} ${milliseconds.toFixed(1)} ms`,
    )
}
