import { DEFAULT_CHANNEL_INFO } from './channel-info.ts'
import type { ColumnRole, CompareKind } from './column-rule.ts'

/**
 * Compare kind, role, and what the gateway writes on create when the caller names no value. GORM
 * writes a column's default for a zero value or nil pointer, NULL for a nil pointer without one,
 * and the zero value for the rest.
 */
type KnownColumn = readonly [compare: CompareKind, role: ColumnRole, onCreate?: string | null]

type KnownTable = Readonly<Record<string, KnownColumn>>

/**
 * new-api model/channel.go:21-58, one-api model/channel.go:20-41. Left to the database: `key`,
 * without which the gateway refuses to create a channel; `model_mapping`, which has a default in
 * one-api only; `channel_ratio`, which is the fork's.
 */
const channels: KnownTable = {
  id: ['integer', 'locator'],
  type: ['integer', 'identity', '0'],
  key: ['text', 'secret'],
  open_ai_organization: ['text', 'config', null],
  test_model: ['text', 'config', null],
  status: ['integer', 'config', '1'],
  name: ['text', 'identity', ''],
  weight: ['integer', 'config', '0'],
  created_time: ['integer', 'volatile'],
  test_time: ['integer', 'volatile', '0'],
  response_time: ['integer', 'volatile', '0'],
  base_url: ['url', 'config', ''],
  other: ['text', 'secret', ''],
  balance: ['number', 'volatile', '0'],
  balance_updated_time: ['integer', 'volatile', '0'],
  models: ['csv-set', 'config', ''],
  group: ['csv-set', 'config', 'default'],
  used_quota: ['integer', 'volatile', '0'],
  model_mapping: ['json-map', 'config'],
  status_code_mapping: ['json-map', 'config', ''],
  priority: ['integer', 'config', '0'],
  auto_ban: ['integer', 'config', '1'],
  other_info: ['json', 'volatile', ''],
  tag: ['text', 'config', null],
  setting: ['text', 'secret', null],
  param_override: ['text', 'secret', null],
  header_override: ['text', 'secret', null],
  remark: ['text', 'config', null],
  channel_info: ['channel-info', 'config', DEFAULT_CHANNEL_INFO],
  settings: ['json', 'config', ''],
  config: ['text', 'secret', ''],
  system_prompt: ['text', 'config', null],
  channel_ratio: ['number', 'config'],
}

/** new-api model/ability.go:16-24; the fork's last two columns are not derived from the channel. */
const abilities: KnownTable = {
  group: ['text', 'identity'],
  model: ['text', 'identity'],
  channel_id: ['integer', 'locator'],
  enabled: ['boolean', 'derived'],
  priority: ['integer', 'derived', '0'],
  weight: ['integer', 'derived', '0'],
  tag: ['text', 'derived', null],
  workflow_price: ['integer', 'config'],
  channel_ratio: ['number', 'config'],
}

/** new-api model/option.go:16-19. */
const options: KnownTable = {
  key: ['text', 'identity'],
  value: ['json', 'config'],
}

/** new-api model/token.go:14-32, one-api model/token.go:23-37. */
const tokens: KnownTable = {
  id: ['integer', 'locator'],
  user_id: ['integer', 'locator'],
  key: ['text', 'secret'],
  status: ['integer', 'config', '1'],
  name: ['text', 'config', ''],
  created_time: ['integer', 'volatile'],
  accessed_time: ['integer', 'volatile'],
  expired_time: ['integer', 'config', '-1'],
  remain_quota: ['integer', 'volatile', '0'],
  used_quota: ['integer', 'volatile', '0'],
  unlimited_quota: ['boolean', 'config', 'false'],
  model_limits_enabled: ['boolean', 'config', 'false'],
  model_limits: ['csv-set', 'config', ''],
  allow_ips: ['text', 'config', ''],
  group: ['text', 'config', ''],
  cross_group_retry: ['boolean', 'config', 'false'],
  deleted_at: ['time', 'volatile', null],
  models: ['csv-set', 'config', null],
  subnet: ['csv-set', 'config', ''],
  external_user_id: ['text', 'config'],
}

/**
 * new-api model/user.go:20-55, one-api model/user.go:34-54. `aff_code` and `access_token` are
 * unique, so '' fits one row only: both are left to the database.
 */
const users: KnownTable = {
  id: ['integer', 'locator'],
  username: ['text', 'identity'],
  password: ['text', 'secret'],
  display_name: ['text', 'config', ''],
  role: ['integer', 'config', '1'],
  status: ['integer', 'config', '1'],
  email: ['text', 'config', ''],
  github_id: ['text', 'environment', ''],
  discord_id: ['text', 'environment', ''],
  oidc_id: ['text', 'environment', ''],
  wechat_id: ['text', 'environment', ''],
  telegram_id: ['text', 'environment', ''],
  lark_id: ['text', 'environment', ''],
  linux_do_id: ['text', 'environment', ''],
  access_token: ['text', 'secret'],
  quota: ['integer', 'volatile', '0'],
  used_quota: ['integer', 'volatile', '0'],
  request_count: ['integer', 'volatile', '0'],
  group: ['text', 'config', 'default'],
  aff_code: ['text', 'environment'],
  aff_count: ['integer', 'volatile', '0'],
  aff_quota: ['integer', 'volatile', '0'],
  aff_history: ['integer', 'volatile', '0'],
  inviter_id: ['integer', 'locator', '0'],
  deleted_at: ['time', 'volatile', null],
  setting: ['json', 'volatile', ''],
  remark: ['text', 'config', ''],
  stripe_customer: ['text', 'environment', ''],
  created_at: ['integer', 'volatile'],
  last_login_at: ['integer', 'volatile', '0'],
}

/**
 * new-api model/model_meta.go:23-44. `status` and `sync_official` are left to the database: the
 * gateway writes the zero of the request over their default of 1, which no one means.
 */
const models: KnownTable = {
  id: ['integer', 'locator'],
  model_name: ['text', 'identity'],
  description: ['text', 'config', ''],
  icon: ['text', 'config', ''],
  tags: ['csv-set', 'config', ''],
  vendor_id: ['integer', 'locator', '0'],
  endpoints: ['json', 'config', ''],
  status: ['integer', 'config'],
  sync_official: ['integer', 'config'],
  created_time: ['integer', 'volatile'],
  updated_time: ['integer', 'volatile'],
  deleted_at: ['time', 'volatile', null],
  name_rule: ['integer', 'config', '0'],
}

/** new-api model/vendor_meta.go:15-24. */
const vendors: KnownTable = {
  id: ['integer', 'locator'],
  name: ['text', 'identity'],
  description: ['text', 'config', ''],
  icon: ['text', 'config', ''],
  status: ['integer', 'config'],
  created_time: ['integer', 'volatile'],
  updated_time: ['integer', 'volatile'],
  deleted_at: ['time', 'volatile', null],
}

/** new-api model/prefill_group.go. */
const prefillGroups: KnownTable = {
  id: ['integer', 'locator'],
  name: ['text', 'identity'],
  type: ['text', 'config'],
  items: ['json', 'config'],
  description: ['text', 'config', ''],
  created_time: ['integer', 'volatile'],
  updated_time: ['integer', 'volatile'],
  deleted_at: ['time', 'volatile', null],
}

/** The first-run marker: it says which version initialised the database, not which one runs. */
const setups: KnownTable = {
  id: ['integer', 'locator'],
  version: ['text', 'volatile'],
  initialized_at: ['integer', 'volatile'],
}

/** Every column of the gateways that has a meaning; outside the nine tables only the secrets. */
export const KNOWN_COLUMNS: Readonly<Record<string, KnownTable>> = {
  channels,
  abilities,
  options,
  tokens,
  users,
  models,
  vendors,
  prefill_groups: prefillGroups,
  setups,
  redemptions: { key: ['text', 'secret'] },
  tasks: { private_data: ['text', 'secret'] },
  two_fas: { secret: ['text', 'secret'] },
  custom_oauth_providers: { client_secret: ['text', 'secret'] },
}
