import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { FleetReport } from '../../src/report/fleet.ts'
import type { CliResult } from '../support/cli.ts'
import { executeRaw } from '../support/raw.ts'
import { createSqliteFile, type SqliteFile } from '../support/sqlite.ts'
import { callMain } from './runs.ts'

const SCHEMA = join(import.meta.dirname, '../../docs/schemas/fleet-report.v1.schema.json')

/** Whether a report follows its schema. */
export const validate = new Ajv2020({ allowUnionTypes: true }).compile(
  JSON.parse(await readFile(SCHEMA, 'utf8')) as object,
)

/** Environments of `prod-*`. */
export const NAMES = ['prod-a', 'prod-b', 'prod-c', 'prod-d', 'prod-e'] as const

type Env = Readonly<Record<string, string | undefined>>

/** A project with a SQLite file for each of its environments. */
export interface Fleet {
  readonly folder: string
  /** Variables that lead to the files. */
  readonly env: Env
  path(file: string): string
  call(line: string, env?: Env): Promise<CliResult>
  /** What `--json` says. */
  report(line: string, env?: Env): Promise<FleetReport>
  /** Runs statements in the database of an environment. */
  execute(environment: string, text: string): Promise<void>
}

/** Makes fleets without seeds, removed after the tests. To be called at the top of the file. */
export function fleetMaker(): (names: readonly string[]) => Promise<Fleet> {
  const folders: string[] = []
  let template: SqliteFile
  before(async () => {
    template = await createSqliteFile({ fixture: 'n26' })
  })
  after(async () => {
    await template.drop()
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  })
  return async (names) => {
    const folder = await mkdtemp(join(tmpdir(), 'tidegate-fleet-'))
    folders.push(folder)
    await mkdir(join(folder, 'seeds'))
    await symlink(join(import.meta.dirname, '../../migrations'), join(folder, 'migrations'))
    await writeFile(join(folder, 'package.json'), '{"type":"module"}')
    for (const name of names) await copyFile(template.path, join(folder, `${name}.db`))
    return fleetIn(folder, names)
  }
}

function fleetIn(folder: string, names: readonly string[]): Fleet {
  const env = Object.fromEntries(names.map((name) => [variableOf(name), `${name}.db`]))
  const call: Fleet['call'] = (line, more = {}) =>
    callMain(line.split(' '), { cwd: folder, env: { ...env, ...more } })
  return {
    folder,
    env,
    call,
    path: (file) => join(folder, file),
    report: async (line, more) =>
      (await call(`${line} --json`, more)).json() as unknown as FleetReport,
    execute: (environment, text) => {
      const path = join(folder, `${environment}.db`)
      return executeRaw({ dialect: 'sqlite', path, label: path, busyTimeoutMs: 20 }, text)
    },
  }
}

/** `prod-eu` to PROD_EU_SQLITE_PATH. */
function variableOf(name: string): string {
  return `${name.toUpperCase().replaceAll('-', '_')}_SQLITE_PATH`
}

/** `name: result` of each environment. */
export function results({ environments }: FleetReport): string[] {
  return environments.map(({ environment, status }) => `${environment}: ${status}`)
}

/** Makes it something that no run can open. */
export async function breakDatabase(fleet: Fleet, name: string): Promise<void> {
  await writeFile(
    fleet.path(`${name}.db`),
    'this is no database, and long enough to be read as one',
  )
}
