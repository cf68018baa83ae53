import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before } from 'node:test'
import type { Target } from '../../src/database/contract.ts'
import { migrated } from '../apply/harness.ts'
import { type CliResult, createProject, SEED_ENV } from '../support/cli.ts'
import type { CreateDatabase } from '../support/databases.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { createSqliteFile } from '../support/sqlite.ts'
import { callMain, type CallOptions, envOf } from './runs.ts'

type Env = CallOptions['env']

/** A developer's local SQLite file, and a production that tidegate has prepared. */
export interface SyncPair {
  readonly folder: string
  readonly local: Target
  readonly production: Target
  readonly env: Env
  call(words: string | readonly string[], env?: Env): Promise<CliResult>
  /** A file of the project's folder. */
  file(name: string): Promise<string>
  /** Rows of the gateway in production, to see whether something was written. */
  dump(): Promise<unknown[][][]>
  /** Empties both, and puts `CHANNELS` into them. */
  reset(): Promise<void>
}

/** Made up; none of them may ever be in an output. */
export const KEYS = {
  local: 'sk-test-local0123456789abcdef',
  production: 'sk-test-production0123456789',
  fresh: 'sk-test-fresh0123456789abcdef',
} as const

/** Which of `KEYS` a run has printed. */
export function keysIn({ stdout, stderr }: CliResult): string[] {
  return Object.values(KEYS).filter((key) => (stdout + stderr).includes(key))
}

interface MadeUpChannel {
  readonly id: number
  readonly name: string
  readonly key: string
  readonly models?: string
  readonly priority?: number
}

export function channel({ id, name, key, models = 'gpt-5', priority = 0 }: MadeUpChannel): string {
  const quoted = name.replaceAll("'", "''")
  const abilities = models.split(',').map(
    (model) => `insert into abilities ("group", model, channel_id, enabled, priority, weight)
      values ('default', '${model}', ${id}, true, ${priority}, 0);`,
  )
  return `insert into channels (id, type, name, "key", models, "group", status, priority, weight, base_url)
    values (${id}, 1, '${quoted}', '${key}', '${models}', 'default', 1, ${priority}, 0, 'https://a.example');
    ${abilities.join('')}`
}

const LOCAL = [
  channel({ id: 1, name: 'changed', key: KEYS.local, models: 'gpt-5,mini', priority: 7 }),
  channel({ id: 2, name: 'new', key: KEYS.local }),
].join('')

const PRODUCTION = [
  channel({ id: 11, name: 'changed', key: KEYS.production, priority: 1 }),
  channel({ id: 12, name: 'other', key: KEYS.production }),
].join('')

const EMPTY = 'delete from channels; delete from abilities; delete from options; '

const OWN = ['base', 'seeds', 'journal', 'runs'].map((name) => `delete from tidegate_${name};`)

/** To be called inside `forEachDialect`; there before each test's own `before`. */
export function syncPair(create: CreateDatabase): () => SyncPair {
  let pair: SyncPair | undefined
  const cleanups: (() => Promise<void>)[] = []
  before(async () => {
    const project = await createProject()
    const local = await createSqliteFile({ fixture: 'n26' })
    cleanups.push(
      () => project.remove(),
      () => local.drop(),
    )
    const { target } = await migrated(create, 'n26')
    pair = pairOf(project.folder, local.target, target)
  })
  after(async () => {
    for (const cleanup of cleanups) await cleanup()
  })
  return () => {
    assert.ok(pair !== undefined)
    return pair
  }
}

function pairOf(folder: string, local: Target, production: Target): SyncPair {
  const own = Object.entries(envOf(production))
  const env = {
    ...SEED_ENV,
    ...envOf(local),
    ...Object.fromEntries(own.map(([name, value]) => [`PRODUCTION_${name}`, value])),
  }
  return {
    folder,
    local,
    production,
    env,
    call: (words, more = {}) => {
      const args = typeof words === 'string' ? words.split(' ') : words
      return callMain(args, { cwd: folder, env: { ...env, ...more } })
    },
    file: (name) => readFile(join(folder, name), 'utf8'),
    dump: () => dumpOf(production),
    reset: async () => {
      await executeRaw(local, EMPTY + LOCAL)
      await executeRaw(production, EMPTY + OWN.join('') + PRODUCTION)
    },
  }
}

const DUMPS = [
  'select id, name, key, models, priority from channels order by id',
  'select "group", model, channel_id, priority from abilities order by channel_id, model',
  'select key, value from options order by key',
  'select run_id, seq from tidegate_journal order by run_id, seq',
  'select seed, row_key, cells from tidegate_base order by seed, row_key',
]

async function dumpOf(target: Target): Promise<unknown[][][]> {
  const tables: unknown[][][] = []
  for (const text of DUMPS) tables.push(await queryRaw(target, text))
  return tables
}
