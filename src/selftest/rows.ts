import { DEFAULT_CHANNEL_INFO } from '../gateway/channel-info.ts'
import type { Cell } from '../snapshot/model.ts'

/** Canonical texts by column. */
export type BaselineRow = Readonly<Record<string, Cell>>

/** Made up, and of every kind that the gateway's own tables hold. */
export const CHANNELS: readonly BaselineRow[] = [
  {
    id: '1',
    type: '1',
    key: 'sk-test-team-openai',
    name: 'Team OpenAI',
    status: '1',
    models: 'gpt-4o,gpt-4o-mini,text-embedding-3-small',
    group: 'default,vip',
    priority: '10',
    weight: '5',
    tag: 'text',
    base_url: 'https://api.openai.example',
    model_mapping: '{"gpt-4":"gpt-4o","gpt-4-turbo":"gpt-4o-mini"}',
    settings: '{"allow_service_tier":true,"depth":2}',
    header_override: '{"X-Made-Up":"sk-test-header"}',
    channel_info: DEFAULT_CHANNEL_INFO,
    auto_ban: '1',
    created_time: '1760000000',
    used_quota: '123456789',
  },
  {
    id: '2',
    type: '55',
    key: 'sk-test-bltcy',
    name: 'Bltcy旧网关',
    status: '1',
    models: 'runway,pika,kling',
    group: 'default',
    priority: '0',
    weight: '0',
    tag: null,
    base_url: '',
    remark: null,
    channel_info: null,
    auto_ban: '0',
  },
  {
    id: '3',
    type: '14',
    key: 'sk-test-claude-1\nsk-test-claude-2',
    name: 'Claude spare',
    status: '2',
    models: 'claude-sonnet-4',
    group: 'vip',
    priority: '-5',
    weight: '0',
    tag: '',
    base_url: 'https://api.anthropic.example',
    channel_info:
      '{"is_multi_key":true,"multi_key_size":2,"multi_key_status_list":{},"multi_key_polling_index":0,"multi_key_mode":"polling"}',
    auto_ban: '1',
  },
]

/** Of the fork's abilities. */
export const WORKFLOW_PRICE = '50'

/** Every table but `abilities`, which follow from the channels. */
export const BASELINE_ROWS: Readonly<Record<string, readonly BaselineRow[]>> = {
  channels: CHANNELS,
  options: [
    { key: 'ModelPrice', value: '{"runway":0.1,"pika":0.25}' },
    { key: 'GroupRatio', value: '{"default":1,"vip":0.8}' },
    { key: 'AutoGroups', value: '["default","vip"]' },
    { key: 'RetryTimes', value: '3' },
    { key: 'ServerAddress', value: 'https://gateway.example' },
    { key: 'SMTPToken', value: 'sk-test-smtp' },
  ],
  users: [
    {
      id: '1',
      username: 'root',
      password: 'made up',
      role: '100',
      group: 'default',
      aff_code: 'a1',
    },
    { id: '2', username: 'acme', password: 'made up', role: '1', group: 'vip', aff_code: 'a2' },
  ],
  tokens: [
    { id: '1', user_id: '1', key: 'sk-test-root', name: 'default', group: '', expired_time: '-1' },
    {
      id: '2',
      user_id: '2',
      key: 'sk-test-acme',
      name: 'production',
      group: 'vip',
      unlimited_quota: 'true',
      model_limits_enabled: 'true',
      model_limits: 'runway,pika',
      remain_quota: '5000',
    },
  ],
  vendors: [
    { id: '1', name: 'OpenAI', description: 'made up', icon: 'OpenAI' },
    { id: '2', name: 'Runway', description: null, icon: 'Runway' },
  ],
  models: [
    { id: '1', model_name: 'gpt-4o', vendor_id: '1', tags: 'text,vision' },
    { id: '2', model_name: 'runway', vendor_id: '2', endpoints: '{"video":"/runway"}' },
  ],
  prefill_groups: [{ id: '1', name: 'video', type: 'model', items: '["runway","pika"]' }],
  setups: [{ id: '1', version: 'v0.9.0', initialized_at: '1760000000' }],
  price_rules: [
    { code: 'night', amount: '80' },
    { code: 'weekend', amount: '90' },
  ],
}
