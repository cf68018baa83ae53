import { readDsnParameters, type DsnParameters } from './dsn-parameters.ts'
import { normalizeIpv6 } from './ip-address.ts'
import { hasControl, percentDecode } from './text-rules.ts'

/** A DSN in its parts, decoded. */
export interface DsnParts {
  readonly user: string
  /** Null when it has none or an empty one. */
  readonly password: string | null
  /** Still percent-encoded. */
  readonly passwordAsWritten: string | null
  /** Host name, address, or the folder of a Unix socket. */
  readonly host: string
  readonly port: number
  readonly database: string
  readonly parameters: DsnParameters
}

const SCHEME = /^postgres(?:ql)?:\/\//

const DEFAULT_PORT = 5_432

/**
 * Splits a DSN where it can be split in one way only, and says why where it cannot. Problems never
 * quote the DSN: a password with an unescaped delimiter could be in any part of it.
 */
export function splitDsn(text: string): DsnParts | { readonly problems: readonly string[] } {
  const problem = describeForm(text)
  if (problem !== null) return { problems: [problem] }
  const rest = text.replace(SCHEME, '')
  const at = rest.lastIndexOf('@')
  if (at === -1) return { problems: ['it names no user: write postgres://USER@HOST/DATABASE'] }
  const [user, host] = [rest.slice(0, at), rest.slice(at + 1)]
  const ambiguous = describeDelimiters(user, host)
  return ambiguous.length > 0 ? { problems: ambiguous } : readParts(user, host)
}

function describeForm(text: string): string | null {
  if (/(?:^|\s)(?:host|hostaddr|port|user|password|dbname|service)\s*=/.test(text)) {
    return 'the keyword form (host=… user=…) is not supported: write a postgres:// URL'
  }
  if (!SCHEME.test(text)) return 'it does not start with postgres:// or postgresql://'
  if (!text.isWellFormed()) return 'it is not valid Unicode'
  if (hasControl(text)) return 'it holds a control character or a line break'
  return /\s/.test(text) ? 'it holds whitespace: write a space as %20' : null
}

const ENCODED: Readonly<Record<string, string>> = { '@': '%40', '/': '%2F', '?': '%3F', '#': '%23' }

/** `user` is all before the last `@`, so an unescaped delimiter in it may be a password's. */
function describeDelimiters(user: string, host: string): string[] {
  const inUser = Object.keys(ENCODED).filter((character) => user.includes(character))
  return [
    ...inUser.map(
      (character) =>
        `an unescaped "${character}" stands before its last "@": in a user name or password ` +
        `write ${character} as ${ENCODED[character]}`,
    ),
    ...(host.includes('#') ? ['it holds an unescaped "#": write # as %23'] : []),
  ]
}

function readParts(userText: string, hostText: string) {
  const problems: string[] = []
  const [beforeQuery, query] = cut(hostText, '?')
  const [address, path] = cut(beforeQuery, '/')
  const [userName, password] = cut(userText, ':')
  const parameters = readDsnParameters(query, problems)
  const parts: DsnParts = {
    user: decode(userName, 'user name', problems),
    password: password === '' ? null : decode(password, 'password', problems),
    passwordAsWritten: password === '' ? null : password,
    ...readAddress(address, parameters.socketFolder, problems),
    database: readDatabase(path, problems),
    parameters,
  }
  return problems.length > 0 ? { problems } : parts
}

/** What stands before and after the first `separator`; nothing after it when there is none. */
function cut(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator)
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

function decode(text: string, part: string, problems: string[]): string {
  const decoded = percentDecode(text)
  if (decoded === null) {
    problems.push(`its ${part} holds a "%" that starts no UTF-8 escape: write % as %25`)
  } else if (decoded === '') {
    problems.push(`its ${part} is missing`)
  } else if (hasControl(decoded)) {
    problems.push(`its ${part} holds a control character`)
  }
  return decoded ?? ''
}

function readDatabase(path: string, problems: string[]): string {
  if (path.includes('/')) {
    problems.push('its database name holds an unescaped "/": write / as %2F')
    return ''
  }
  return decode(path, 'database name', problems)
}

function readAddress(address: string, socketFolder: string | null, problems: string[]) {
  const match = /^(\[[^\]]*\]|[^:[\]]*)(?::([^:]*))?$/.exec(address)
  if (address.includes(',')) {
    problems.push('more than one host is not supported')
  } else if (match === null) {
    problems.push('its host and port cannot be read: write HOST:PORT, or [::1]:PORT for IPv6')
  } else {
    const port = readPort(match[2], problems)
    return { host: readHost(match[1]!, socketFolder, problems), port }
  }
  return { host: '', port: DEFAULT_PORT }
}

function readHost(text: string, socketFolder: string | null, problems: string[]): string {
  if (text === '' && socketFolder === null) problems.push('it names no host')
  if (text === '') return socketFolder ?? ''
  if (socketFolder !== null) {
    problems.push('it names a host and, with the parameter host, a socket: keep one of them')
  }
  const isIpv6 = text.startsWith('[')
  const host = isIpv6 ? (percentDecode(text.slice(1, -1)) ?? '') : text
  if (!(isIpv6 ? normalizeIpv6(host) !== null : isHostName(host))) {
    problems.push('its host is neither a host name nor an address')
  }
  return host
}

function isHostName(text: string): boolean {
  const labels = text.replace(/\.$/, '').split('.')
  return text.length <= 253 && labels.every((label) => /^[A-Za-z0-9_-]{1,63}$/.test(label))
}

function readPort(text: string | undefined, problems: string[]): number {
  if (text === undefined) return DEFAULT_PORT
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) problems.push('its port is not a number from 1 to 65535')
  return port
}
