import type { Settings } from '../config/settings.ts'
import { readSecret, readText } from '../config/variables.ts'
import type { GatewayAccess } from '../doctor/reload.ts'
import { ConfigError } from '../errors.ts'
import type { Secret } from '../secret.ts'
import type { Context } from './context.ts'

const URL_VARIABLE = 'TIDEGATE_GATEWAY_URL'
const USER_VARIABLE = 'TIDEGATE_GATEWAY_USER'

/**
 * Where the running gateway is, from TIDEGATE_GATEWAY_URL; null when it is not set.
 * @throws ConfigError for what is no http address, or holds a user, a query or a fragment
 */
export function readGatewayUrl({ variables }: Settings): URL | null {
  const text = readVariable(variables, URL_VARIABLE)
  if (text === null) return null
  const url = URL.parse(text)
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.host !== ''
  if (isPlain && url.username + url.password + url.search + url.hash === '') return url
  const problem = 'it must be an address such as https://gateway.example, without a user or a query'
  throw new ConfigError([{ source: URL_VARIABLE, problem }])
}

/** What reloading needs: address, TIDEGATE_GATEWAY_TOKEN or its _FILE, and TIDEGATE_GATEWAY_USER. */
export function readGatewayAccess(context: Context, settings: Settings): GatewayAccess | null {
  const url = readGatewayUrl(settings)
  const token = readToken(context, settings, 'TIDEGATE_GATEWAY_TOKEN')
  const userId = readVariable(settings.variables, USER_VARIABLE)
  return url === null || token === null || userId === null ? null : { url, token, userId }
}

/** The token of the probe's request, from TIDEGATE_PROBE_TOKEN or its _FILE; null when not set. */
export function readProbeToken(context: Context, settings: Settings): Secret | null {
  return readToken(context, settings, 'TIDEGATE_PROBE_TOKEN')
}

function readToken({ output }: Context, settings: Settings, variable: string): Secret | null {
  const reading = readSecret(settings.variables, variable, settings.root)
  if (reading === null) return null
  if ('fault' in reading) throw new ConfigError([reading.fault])
  output.redactor.add([reading.secret])
  for (const warning of reading.warnings) output.warn(warning)
  return reading.secret
}

function readVariable(variables: Settings['variables'], name: string): string | null {
  const reading = readText(variables, name)
  if (reading === null) return null
  if ('fault' in reading) throw new ConfigError([reading.fault])
  return reading.text
}
