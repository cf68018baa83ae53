import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { KNOWN_COLUMNS } from '../../src/gateway/known-columns.ts'
import { columnRule } from '../../src/gateway/columns.ts'
import { isEnvironmentOption, isSecretOption } from '../../src/gateway/secrets.ts'

const SECRET = [
  'SMTPToken',
  'GitHubClientSecret',
  'LinuxDOClientSecret',
  'WeChatServerToken',
  'TelegramBotToken',
  'TurnstileSecretKey',
  'WorkerValidKey',
  'EpayKey',
  'StripeApiSecret',
  'StripeWebhookSecret',
  'CreemApiKey',
  'CreemWebhookSecret',
  'oidc.client_secret',
  'discord.client_secret',
  'WaffoApiKey',
  'WaffoPrivateKey',
  'WaffoSandboxApiKey',
  'WaffoSandboxPrivateKey',
  'WaffoPancakePrivateKey',
  'LarkClientSecret',
  'OidcClientSecret',
  'MessagePusherToken',
  'some_setting.api_key',
  'SMTPAccount',
  'EpayId',
  'WaffoMerchantId',
  'WaffoPancakeMerchantID',
  'WaffoPublicCert',
]

const PUBLIC = [
  'TurnstileSiteKey',
  'ModelPrice',
  'GroupRatio',
  'SystemName',
  'ServerAddress',
  'DisplayTokenStatEnabled',
  'QuotaPerUnit',
  'oidc.client_id',
  '',
]

const ENVIRONMENT = [
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
  'oidc.authorization_endpoint',
  'oidc.token_endpoint',
  'discord.client_id',
  'passkey.rp_id',
  'passkey.origins',
  'passkey.allow_insecure_origin',
  'StripePriceId',
  'CreemTestMode',
  'WaffoSandbox',
  'WaffoNotifyUrl',
  'payment_setting.compliance_confirmed_at',
  'performance_setting.disk_cache_path',
  'console_setting.api_info',
  'TopUpLink',
  'Logo',
  'SystemName',
  'Notice',
  'Chats',
  'SelfUseModeEnabled',
  'DemoSiteEnabled',
]

const CONFIGURATION = [
  'ModelPrice',
  'GroupRatio',
  'StripeUnitPrice',
  'QuotaPerUnit',
  'oidc.enabled',
  'payment_setting.amount_options',
  'passkey.enabled',
  'AutomaticDisableChannelEnabled',
  'constructor',
  '',
]

describe('isSecretOption', () => {
  for (const key of SECRET) it(`hides ${key}`, () => assert.equal(isSecretOption(key), true))
  for (const key of PUBLIC) it(`shows '${key}'`, () => assert.equal(isSecretOption(key), false))

  it('hides whatever ends as the gateway’s rule says', () => {
    const suffix = fc.constantFrom('Token', 'Secret', 'Key', 'secret', 'api_key')
    fc.assert(
      fc.property(fc.string(), suffix, (name, end) => {
        fc.pre(name + end !== 'TurnstileSiteKey')
        assert.equal(isSecretOption(name + end), true)
      }),
    )
  })
})

describe('isEnvironmentOption', () => {
  for (const key of ENVIRONMENT) it(key, () => assert.equal(isEnvironmentOption(key), true))
  for (const key of CONFIGURATION) {
    it(`'${key}' is configuration`, () => assert.equal(isEnvironmentOption(key), false))
  }
})

describe('secret columns', () => {
  const isSecretColumn = (table: string, column: string) =>
    columnRule(table, column).role === 'secret'

  it('knows exactly these', () => {
    const secrets = Object.entries(KNOWN_COLUMNS).flatMap(([table, columns]) =>
      Object.keys(columns)
        .filter((column) => isSecretColumn(table, column))
        .map((column) => `${table}.${column}`),
    )
    assert.deepEqual(secrets.toSorted(), [
      'channels.config',
      'channels.header_override',
      'channels.key',
      'channels.other',
      'channels.param_override',
      'channels.setting',
      'custom_oauth_providers.client_secret',
      'redemptions.key',
      'tasks.private_data',
      'tokens.key',
      'two_fas.secret',
      'users.access_token',
      'users.password',
    ])
  })

  it('is false for columns that only a fork has', () => {
    assert.equal(isSecretColumn('channels', 'workflow'), false)
    assert.equal(isSecretColumn('model_pricing', 'model_name'), false)
    assert.equal(isSecretColumn('constructor', '__proto__'), false)
  })
})
