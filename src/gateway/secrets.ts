/** The gateway hides these from its own option list (new-api controller/option.go:84-88). */
const SECRET_SUFFIXES = ['Token', 'Secret', 'Key', 'secret', 'api_key'] as const

/** Account data that the gateway's rule misses. */
const MISSED_SUFFIXES = ['MerchantId', 'MerchantID'] as const

const MISSED_OPTIONS: ReadonlySet<string> = new Set(['SMTPAccount', 'EpayId', 'WaffoPublicCert'])

/** The rule catches it, but every visitor's browser gets it. */
const PUBLIC_OPTIONS: ReadonlySet<string> = new Set(['TurnstileSiteKey'])

const ENVIRONMENT_OPTIONS: ReadonlySet<string> = new Set([
  'ServerAddress',
  'WorkerUrl',
  'PayAddress',
  'CustomCallbackAddress',
  'EpayId',
  'SMTPServer',
  'SMTPPort',
  'SMTPAccount',
  'SMTPFrom',
  'WeChatServerAddress',
  'WeChatAccountQRCodeImageURL',
  'GitHubClientId',
  'LinuxDOClientId',
  'TelegramBotName',
  'TurnstileSiteKey',
  'oidc.client_id',
  'oidc.well_known',
  'discord.client_id',
  'passkey.rp_id',
  'passkey.origins',
  'passkey.allow_insecure_origin',
  'CreemTestMode',
  'CreemProducts',
  'WaffoSandbox',
  'performance_setting.disk_cache_path',
  'TopUpLink',
  'Logo',
  'SystemName',
  'Notice',
  'Chats',
  'SelfUseModeEnabled',
  'DemoSiteEnabled',
])

const ENVIRONMENT_PATTERNS = [
  /^oidc\..*_endpoint$/,
  /^(Stripe|Creem|Waffo).*(Id|ID|Url|URL)$/,
  /^payment_setting\.compliance_confirmed_/,
  /^console_setting\./,
] as const

/** Whether an option's value must never be shown; unknown names follow the gateway's suffixes. */
export function isSecretOption(key: string): boolean {
  if (PUBLIC_OPTIONS.has(key)) return false
  const suffixes = [...SECRET_SUFFIXES, ...MISSED_SUFFIXES]
  return MISSED_OPTIONS.has(key) || suffixes.some((suffix) => key.endsWith(suffix))
}

/** Whether an option belongs to one installation, so that another one's value says nothing. */
export function isEnvironmentOption(key: string): boolean {
  return ENVIRONMENT_OPTIONS.has(key) || ENVIRONMENT_PATTERNS.some((pattern) => pattern.test(key))
}
