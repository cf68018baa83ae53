import { randomBytes } from 'node:crypto'

/** Made-up secrets, each unlike anything else that could be printed. */
export type Canaries = Readonly<Record<keyof typeof SHAPES, string>>

/** With characters that URLs, JSON, shells and SQL write differently. */
const SHAPES = {
  dsnPassword: 'sk-test-P@ss#/1%',
  wrongPassword: 'sk-test-wr:ng?&',
  passwordFile: "sk-test-f'le ",
  pgPassword: 'sk-test-pg$env',
  apiKey: 'sk-test-api"\\key+/',
  apiKeyFile: 'sk-test-keyfile=',
  oldKey: 'sk-test-旧-old-',
  tokenKey: 'sktesttoken',
  userPassword: '$2a$10$sktest',
  accessToken: 'sktestaccess',
  smtpToken: 'sk-test-smtp-',
  proxyToken: 'sk-test-proxy-',
  headerToken: 'sk-test-header-',
  paramToken: 'sk-test-param-',
  otherToken: 'sk-test-other-',
  urlPassword: 'sk-test-url-',
  foreign: 'sk-test-unrelated-',
  fingerprintKey: 'sk-test-fingerprint-key-01234567-',
  remarkToken: 'sk-test-remark-',
  settingsToken: 'made-up-settings-',
  optionToken: 'sk-test-option-',
  modelName: 'sk-test-model-',
  groupName: 'sk-test-group-',
  tokenName: 'sk-test-name-',
  reasonKey: 'sk-test-reason-',
  logKey: 'sk-test-log-',
  gatewayToken: 'sktestgateway',
  probeToken: 'sktestprobe',
  serveToken: 'sktestserve',
  planKey: 'sk-test-plan-key-0123456789012345-',
  journalKey: 'sk-test-journal-key-0123456789012-',
  referred: 'sk-test-referred"\\',
} as const

export function makeCanaries(): Canaries {
  const entries = Object.entries(SHAPES).map(([name, shape]) => [
    name,
    shape + randomBytes(6).toString('hex'),
  ])
  return Object.fromEntries(entries) as Canaries
}

/** Which canaries a text holds, and in what form. */
export function findCanaries(text: string, canaries: Canaries): string[] {
  return Object.entries(canaries).flatMap(([name, value]) =>
    Object.entries(formsOf(value))
      .filter(([, form]) => text.includes(form))
      .map(([form]) => `${name} (${form})`),
  )
}

function formsOf(value: string): Record<string, string> {
  const bytes = Buffer.from(value, 'utf8')
  return {
    plain: value,
    url: encodeURIComponent(value),
    base64: bytes.toString('base64').replace(/=+$/, ''),
    base64url: bytes.toString('base64url'),
    json: JSON.stringify(value).slice(1, -1),
    'json in json': JSON.stringify(JSON.stringify(value).slice(1, -1)).slice(1, -1),
    sql: value.replaceAll("'", "''"),
    hex: bytes.toString('hex'),
    HEX: bytes.toString('hex').toUpperCase(),
    tail: value.slice(-12),
  }
}
