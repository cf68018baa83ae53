import type { Plan, PlanItem } from '../../src/apply/plan.ts'
import type { CellChange, Change } from '../../src/diff/change.ts'
import { naturalKey } from '../../src/snapshot/model.ts'

/** Plans made by hand: what a comparison of two databases gives, without a database. */

const FINGERPRINT = '5e'.repeat(32)

export function cellChange(values: Partial<CellChange> = {}): CellChange {
  return {
    column: 'priority',
    before: '5',
    after: '0',
    difference: 'different',
    secret: false,
    ...values,
  }
}

export function planItem(values: Partial<PlanItem> = {}): PlanItem {
  const key = naturalKey(['OpenAI main', '1'])
  return {
    id: '0123456789ab',
    table: 'channels',
    key: ['OpenAI main', '1'],
    operation: 'update',
    reason: 'pending',
    source: 'push:local',
    changes: [
      { kind: 'update', table: 'channels', key, locator: { id: '3' }, cells: [cellChange()] },
    ],
    secrets: [],
    ...values,
  }
}

export function madeUpPlan(items: readonly PlanItem[] = EVERY_ITEM): Plan {
  return {
    command: 'push',
    from: { name: 'local', kind: 'database' },
    target: {
      environment: 'production',
      dialect: 'postgres',
      label: 'gateway@db.example:5432/gateway',
      id: '0123456789abcdef',
    },
    gateway: 'new-api since 2025-09-09',
    keyId: '1a2b3c4d',
    items,
    memory: [
      {
        seed: 'push',
        rowKey: 'channels:["OpenAI main","1"]',
        table: 'channels',
        key: '["OpenAI main","1"]',
        rowId: '3',
        cells: '{"priority":"0"}',
      },
    ],
    forgotten: [{ seed: 'push', rowKey: 'options:["Gone"]' }],
    seeds: [{ name: 'bltcy-channel', checksum: 'ab12' }],
  }
}

const ABILITY = { group: 'default', enabled: true, priority: '0', weight: '0', tag: null } as const

const SOURCE = new Map([
  ['models', 'gpt-5,gpt-5-mini'],
  ['group', 'default'],
  ['tag', null],
])

function ability(model: string): Extract<Change, { kind: 'rebuild' }>['remove'][number] {
  return {
    table: 'abilities',
    key: naturalKey(['default', model, '3']),
    locator: { group: 'default', model, channel_id: '3' },
    cells: new Map([
      ['enabled', 'true'],
      ['tag', null],
    ]),
  }
}

/** One of every operation, change and reference. */
export const EVERY_ITEM: readonly PlanItem[] = [
  planItem({
    id: '000000000001',
    key: ['made up', '55'],
    operation: 'insert',
    reason: 'missing',
    changes: [
      {
        kind: 'insert',
        table: 'channels',
        key: naturalKey(['made up', '55']),
        cells: [
          cellChange({ column: 'name', before: null, after: 'made up' }),
          cellChange({ column: 'key', before: null, after: 'set', secret: true }),
          cellChange({ column: 'models', before: null, after: 'gpt-5' }),
        ],
      },
      {
        kind: 'rebuild',
        table: 'abilities',
        key: naturalKey(['made up', '55']),
        channelId: null,
        source: SOURCE,
        insert: [{ ...ABILITY, model: 'gpt-5', own: new Map([['workflow_price', '1']]) }],
        update: [],
        remove: [],
      },
    ],
    secrets: [{ column: 'key', reference: { kind: 'env', name: 'MADE_UP_KEY' } }],
  }),
  planItem({
    id: '000000000002',
    changes: [
      {
        kind: 'update',
        table: 'channels',
        key: naturalKey(['OpenAI main', '1']),
        locator: { id: '3' },
        cells: [
          cellChange(),
          cellChange({ column: 'models', before: 'gpt-4,gpt-5', after: 'gpt-5,gpt-5-mini' }),
          cellChange({
            column: 'group',
            before: ' default',
            after: 'default',
            difference: 'formatting',
          }),
          cellChange({ column: 'key', before: FINGERPRINT, after: 'set', secret: true }),
        ],
      },
      {
        kind: 'rebuild',
        table: 'abilities',
        key: naturalKey(['OpenAI main', '1']),
        channelId: '3',
        source: SOURCE,
        insert: [{ ...ABILITY, model: 'gpt-5-mini' }],
        update: [{ before: ability('gpt-5'), after: { ...ABILITY, model: 'gpt-5' } }],
        remove: [ability('gpt-4')],
      },
    ],
    secrets: [{ column: 'key', reference: { kind: 'file', path: 'secrets/openai' } }],
  }),
  planItem({
    id: '000000000003',
    table: 'options',
    key: ['ModelPrice'],
    reason: 'drift',
    changes: [
      {
        kind: 'update',
        table: 'options',
        key: naturalKey(['ModelPrice']),
        locator: { key: 'ModelPrice' },
        cells: [
          cellChange({
            column: 'value',
            before: '{"gpt-4":1,"gpt-5":2}',
            after: '{"gpt-5":3,"mini":1}',
          }),
        ],
      },
    ],
  }),
  planItem({
    id: '000000000004',
    table: 'tokens',
    key: ['alice', 'main'],
    reason: 'conflict',
    changes: [
      {
        kind: 'update',
        table: 'tokens',
        key: naturalKey(['alice', 'main']),
        locator: { id: '1' },
        cells: [
          cellChange({
            column: 'user_id',
            before: naturalKey(['alice']),
            after: naturalKey(['bob']),
            reference: { table: 'users' },
          }),
        ],
      },
    ],
    secrets: [{ column: 'key', reference: { kind: 'keep' } }],
  }),
  planItem({
    id: '000000000005',
    key: ['old', '1'],
    operation: 'delete',
    reason: 'extra',
    changes: [
      {
        kind: 'delete',
        table: 'channels',
        key: naturalKey(['old', '1']),
        locator: { id: '4' },
        cells: [cellChange({ column: 'name', before: 'old', after: null })],
      },
      {
        kind: 'rebuild',
        table: 'abilities',
        key: naturalKey(['4']),
        channelId: '4',
        source: null,
        insert: [],
        update: [],
        remove: [ability('gpt-5')],
      },
    ],
  }),
  planItem({
    id: '000000000006',
    key: ['copied', '1'],
    operation: 'insert',
    reason: 'declared',
    source: 'seed:bltcy-channel',
    changes: [
      {
        kind: 'insert',
        table: 'channels',
        key: naturalKey(['copied', '1']),
        cells: [cellChange({ column: 'key', before: null, after: 'set', secret: true })],
      },
    ],
    secrets: [{ column: 'key', reference: { kind: 'placeholder' } }],
  }),
]
