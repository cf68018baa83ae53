import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { newRun, type Run } from '../../src/apply/run.ts'
import type { Database, Target } from '../../src/database/contract.ts'
import type { MigrateInput } from '../../src/migrate/runner.ts'
import type { StepEvent } from '../../src/migrate/step.ts'
import { queryRaw } from '../support/raw.ts'

export const SHIPPED = join(import.meta.dirname, '../../migrations')

export const SHIPPED_NAMES = [
  '0001-gateway-core-tables',
  '0002-tidegate-tables',
  '0003-repair-padded-lists',
  '0004-journal-integrity',
] as const

export interface TestInput extends MigrateInput {
  readonly events: readonly StepEvent[]
}

export function inputFor(
  database: Database,
  folder: string = SHIPPED,
  gateway: MigrateInput['gateway'] = 'new-api',
): TestInput {
  const events: StepEvent[] = []
  const run = testRun('migrate up')
  const onStep = (event: StepEvent) => events.push(event)
  return { database, folder, gateway, run, lock: { timeoutMs: 10_000 }, onStep, events }
}

export function testRun(command: string): Run {
  return newRun({ command, environment: 'test', toolVersion: '0.0.0-test' })
}

const KYSELY = import.meta.resolve('kysely')

/** The bodies of a migration's functions, as code; `sql` and `run(text)` are in scope. */
export interface Module {
  readonly up?: string
  readonly down?: string
  readonly verify?: string
  readonly transaction?: boolean
}

/** Source of a migration that needs no package to be found from where it lies. */
export function moduleOf({ up = '', down, verify, transaction }: Module): string {
  const method = (name: string, body: string) => [
    `  async ${name}(db, context) {`,
    '    const run = (text) => sql.raw(text).execute(db)',
    `    ${body}`,
    '  },',
  ]
  const lines = [
    `import { sql } from '${KYSELY}'`,
    'export default {',
    `  description: 'made up',`,
    ...(transaction === undefined ? [] : [`  transaction: ${transaction},`]),
    ...method('up', up),
    ...(down === undefined ? [] : method('down', down)),
    ...(verify === undefined ? [] : method('verify', verify)),
    '}',
  ]
  return `${lines.join('\n')}\n`
}

/** A migration that makes one table and takes it back. */
export function makesTable(name: string): Module {
  return {
    up: `await run('create table ${name} (id bigint primary key, name text)')`,
    down: `await run('drop table ${name}')`,
  }
}

/** Folders of migrations, removed after the tests. To be called at the top of a file or suite. */
export function folderMaker(): (
  files?: Readonly<Record<string, Module | string>>,
) => Promise<string> {
  const folders: string[] = []
  after(async () => {
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  })
  return async (files = {}) => {
    const folder = await mkdtemp(join(tmpdir(), 'tidegate-migrations-'))
    folders.push(folder)
    await writeModules(folder, files)
    return folder
  }
}

export async function writeModules(
  folder: string,
  files: Readonly<Record<string, Module | string>>,
): Promise<void> {
  for (const [name, module] of Object.entries(files)) {
    const file = /\.\w+$/.test(name) ? name : `${name}.ts`
    await writeFile(join(folder, file), typeof module === 'string' ? module : moduleOf(module))
  }
}

/** Names and states of the ledger's rows; [] without a ledger. */
export async function ledgerOf(target: Target): Promise<string[]> {
  const rows = await queryRaw(
    target,
    'select name, state from tidegate_ledger order by name',
  ).catch(() => [])
  return rows.map(([name, state]) => `${String(name)} ${String(state)}`)
}

/** Every table but those whose name begins with `tidegate_`, unless they are wanted. */
export async function tablesOf(database: Database, own = false): Promise<string[]> {
  const names = [...(await database.catalog()).keys()]
  return names.filter((name) => own || !name.startsWith('tidegate_')).toSorted()
}
