import type { RetryClass } from '../../errors.ts'
import type { PostgresTarget } from '../contract.ts'

/** What is said and done about one kind of failure. */
export interface Rule {
  /** What failed; place, address and code follow. */
  readonly says: string
  /** `database` and `never` unless said otherwise. */
  readonly code?: 'connection' | 'lock-busy'
  readonly retry?: RetryClass
  readonly nextStep?: string
}

/** The rule for a SQLSTATE or a code of Node; null is a connection that broke without a word. */
export function ruleOf(code: string | null, target: PostgresTarget): Rule {
  if (code === null) return BROKEN
  const rule = BY_CODE[code] ?? (TLS_CODE.test(code) ? untrusted(target) : undefined)
  const found = rule ?? BY_CLASS[code.slice(0, 2)] ?? BY_SOCKET[code] ?? UNKNOWN
  return typeof found === 'function' ? found(target) : found
}

type RuleOrFunction = Rule | ((target: PostgresTarget) => Rule)

const UNKNOWN: Rule = { says: 'the statement failed' }

const BROKEN: Rule = {
  says: 'the connection broke',
  code: 'connection',
  retry: 'connection',
  nextStep: 'run the command again',
}

const ENDED: Rule = { ...BROKEN, says: 'the server ended the session' }

const WAIT: Partial<Rule> = { nextStep: 'wait for the server with --wait, or run it again' }

const IN_THE_WAY = 'look at the row, and at what its table demands; nothing of it was kept'

const AGAIN: Partial<Rule> = { nextStep: 'run the command again' }

function connecting(says: string, nextStep: string, retry: RetryClass = 'never'): Rule {
  return { says, code: 'connection', retry, nextStep }
}

function untrusted({ host }: PostgresTarget): Rule {
  return connecting(
    `the certificate of ${host} is not trusted`,
    'name the authority with sslrootcert=FILE, or give up verification with sslmode=no-verify',
  )
}

function refusedClient({ user, tls }: PostgresTarget): Rule {
  return connecting(
    `the server does not let user ${user} in from here`,
    tls === 'off'
      ? 'if it asks for TLS, connect with sslmode=require, or with sslmode=no-verify'
      : 'let the server admit this user, database and address in pg_hba.conf',
  )
}

const TLS_CODE =
  /^(?:ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH$|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_)/

const BY_CODE: Readonly<Record<string, RuleOrFunction>> = {
  // Connecting.
  '28P01': ({ user }) =>
    connecting(
      `the server refused the password of user ${user}`,
      'check user and password of the address',
    ),
  '28000': refusedClient,
  '3D000': ({ database }) =>
    connecting(`there is no database ${database}`, 'check the name, or create the database'),
  '53300': connecting('the server has no free connection', 'run it again later', 'connection'),
  '57P01': ENDED,
  '57P02': ENDED,
  '57P03': connecting('the server is starting or stopping', WAIT.nextStep!, 'connection'),
  '57P05': ENDED,
  '25P03': ENDED,
  '25P04': ENDED,
  NO_PASSWORD: ({ user }) =>
    connecting(
      `the server asks for the password of user ${user}, and none is configured`,
      'put it into the address, or into PGPASSWORD',
    ),
  SASL: ({ user }) =>
    connecting(
      `the exchange of the password of user ${user} failed`,
      'check the password, and that nothing answers in the place of the server',
    ),
  TLS_NOT_OFFERED: connecting(
    'the server offers no TLS',
    'turn it on at the server, or connect without it with sslmode=disable',
  ),
  TLS_NOT_ANSWERED: connecting(
    'the server answered the request for TLS with an error',
    WAIT.nextStep!,
    'connection',
  ),
  // Statements.
  '22001': { says: 'a value is longer than its column allows' },
  '22003': { says: 'a number is too large for its column' },
  '22021': { says: 'a text holds bytes that the database cannot store, such as NUL' },
  '22P02': { says: 'a value is not of the type of its column' },
  '22P05': { says: 'a text holds a character that the database cannot store' },
  '23502': { says: 'a value is missing', nextStep: IN_THE_WAY },
  '23503': {
    says: 'a row refers to one that does not exist, or is referred to',
    nextStep: IN_THE_WAY,
  },
  '23505': { says: 'duplicate value', nextStep: IN_THE_WAY },
  '23514': { says: 'a value violates a check', nextStep: IN_THE_WAY },
  '25006': {
    says: 'the server only lets us read: it is a replica, or set to read-only',
    nextStep: 'connect to the primary server',
  },
  '25P02': { says: 'the transaction had failed before' },
  '3F000': {
    says: 'there is no schema to work in',
    nextStep: 'create the schema, or set the search_path of the user',
  },
  '40001': { says: 'another transaction was in the way', retry: 'transaction', ...AGAIN },
  '40P01': { says: 'a deadlock was broken', retry: 'transaction', ...AGAIN },
  '42501': ({ user }) => ({
    says: `user ${user} may not do this`,
    nextStep: 'connect as the owner of the tables; to read them, SELECT on each is enough',
  }),
  '42601': { says: 'the statement is wrong' },
  '42703': { says: 'the statement names a column that does not exist' },
  '42P01': { says: 'the statement names a table that does not exist' },
  '53100': { says: 'the disk of the server is full' },
  '53200': { says: 'the server is out of memory' },
  '55P03': {
    says: 'a table or row stayed locked by another session',
    code: 'lock-busy',
    retry: 'lock',
    nextStep: 'run the command again; while it lasts, look for a long transaction',
  },
  '57014': { says: 'the statement took too long, or was cancelled' },
}

const BY_CLASS: Readonly<Record<string, Rule>> = {
  '08': { ...BROKEN, says: 'the connection failed' },
  '22': { says: 'a value does not fit' },
  '23': { says: 'a constraint is violated', nextStep: IN_THE_WAY },
  '28': connecting('the server refused the login', 'check user and password of the address'),
  '42': { says: 'the statement is wrong' },
  '53': { says: 'the server is out of resources' },
}

function unreachable({ host, port }: PostgresTarget): Rule {
  const place = host.startsWith('/') ? `${host}/.s.PGSQL.${port}` : `${host}, port ${port}`
  return connecting(`nothing answers at ${place}`, WAIT.nextStep!, 'connection')
}

function unresolved({ host }: PostgresTarget): Rule {
  return connecting(
    `the name ${host} does not resolve`,
    'check the name; a private network may need a moment after the start',
    'connection',
  )
}

const BY_SOCKET: Readonly<Record<string, RuleOrFunction>> = {
  ENOTFOUND: unresolved,
  EAI_AGAIN: unresolved,
  EAI_FAIL: unresolved,
  ENODATA: unresolved,
  ECONNREFUSED: unreachable,
  EHOSTUNREACH: unreachable,
  EHOSTDOWN: unreachable,
  ENETUNREACH: unreachable,
  ENETDOWN: unreachable,
  ETIMEDOUT: ({ host }) =>
    connecting(`${host} did not answer in time`, WAIT.nextStep!, 'connection'),
  ENOENT: unreachable,
  EACCES: connecting('the socket may not be used', 'check the rights of the socket'),
  ECONNRESET: BROKEN,
  ECONNABORTED: BROKEN,
  EPIPE: BROKEN,
}
