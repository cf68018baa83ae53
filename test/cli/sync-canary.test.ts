import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { after, it } from 'node:test'
import type { SqliteTarget, Target } from '../../src/database/contract.ts'
import { channelRow, insertText } from '../seed/world.ts'
import type { CliResult } from '../support/cli.ts'
import { type CreateDatabase, forEachDialect } from '../support/databases.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { createSqliteFile } from '../support/sqlite.ts'
import { type Canaries, findCanaries, makeCanaries } from './canaries.ts'
import { type Env, loginEnv, seedEnv } from './canary-env.ts'
import { createCanaryProject, plantedSeed, plantEmbedded, plantRows } from './canary-project.ts'
import { failingSteps, forcedErrors, STORY, type Step } from './canary-sync.ts'
import { callMain, envOf } from './runs.ts'

/** What is printed, and whether keys protect plans, fingerprints and the journal. */
const MODES = [
  ['--json', true],
  ['--verbose', false],
] as const

interface World {
  readonly project: Awaited<ReturnType<typeof createCanaryProject>>
  readonly local: SqliteTarget
  readonly production: Target
  readonly here: Canaries
  readonly env: Env
  readonly found: (text: string) => string[]
}

forEachDialect((_dialect, create) => {
  for (const [mode, isKeyed] of MODES) {
    it(`nothing that is synced is printed or left behind, with ${mode}`, async () => {
      const world = await prepare(create, isKeyed)
      const { production, local, here, found } = world
      let printed = 0
      const check = async ([line, code, more]: Step): Promise<void> => {
        const { stdout, stderr } = await runIn(world, `${line} ${mode}`, code, more)
        printed += stdout.length + stderr.length
        if (mode === '--json') JSON.parse(stdout)
      }
      await check(['migrate up --env production', 0])
      await check(['migrate up', 0])
      for (const step of STORY) await check(step)
      const copied = { ...local, path: world.env['COPIED_SQLITE_PATH']! }
      const seeds = ['bltcy-channel', 'planted']
      assert.deepEqual(await rememberedIn(production, found), [...seeds, 'push'])
      assert.deepEqual(await rememberedIn(local, found), [...seeds, 'pull'])
      assert.deepEqual(await rememberedIn(copied, found), [])
      for (const side of [production, local]) {
        await assertJournal(side, found)
        if (isKeyed) assert.deepEqual(await secretsIn(side, found), [])
      }
      if (!isKeyed) assert.notDeepEqual(await secretsIn(production, found), [])
      for (const step of failingSteps(here, production)) await check(step)
      await forcedErrors({ production, project: world.project, canaries: here, check })
      assert.ok(printed > 20_000, 'the commands did print')
      await assertFiles(world)
    })
  }
})

async function prepare(create: CreateDatabase, isKeyed: boolean): Promise<World> {
  const [here, there] = [makeCanaries(), makeCanaries()]
  const project = await createCanaryProject(there)
  const file = await createSqliteFile({ fixture: 'n26' })
  const { target: local, path } = file
  after(() => Promise.all([project.remove(), file.drop()]))
  const { target: production } = await create({ fixture: 'n26' })
  await plant(local, here, 'made-up')
  await plant(production, there, 'theirs')
  await project.write('seeds/planted.ts', plantedSeed(here))
  const env: Env = {
    ...seedEnv(here),
    ...envOf(local),
    ...prefixed('PRODUCTION', await loginEnv(production, there)),
    COPIED_SQLITE_PATH: join(dirname(path), 'copied.db'),
    REFERRED: here.referred,
    PLANTED_KEY: here.oldKey,
    SETTING: JSON.stringify({ proxy: here.proxyToken }),
    ...(isKeyed ? keysOf(here) : {}),
  }
  const found = (text: string): string[] =>
    [here, there].flatMap((canaries) => findCanaries(text, canaries))
  return { project, local, production, here, env, found }
}

async function plant(target: Target, canaries: Canaries, name: string): Promise<void> {
  await plantRows(target, canaries)
  await plantEmbedded(target, canaries)
  await executeRaw(target, alone(target, name, canaries))
}

/** A run that prints no secret. */
async function runIn(
  { project, env, found }: World,
  line: string,
  code: number,
  more: Env = {},
): Promise<CliResult> {
  const run = { cwd: project.folder, env: { ...env, ...more } }
  const result = await callMain(line.split(' '), run)
  const text = `${result.stdout}\n${result.stderr}`
  assert.deepEqual(found(text), [], `${line} printed:\n${text}`)
  assert.equal(result.code, code, `${line}: ${text}`)
  return result
}

/** Plans, reports and the names of backups. */
async function assertFiles({ project, local, found }: World): Promise<void> {
  const written = await project.written()
  assert.ok(written.size >= 4, [...written.keys()].join())
  for (const [name, text] of written) assert.deepEqual(found(text), [], name)
  const beside = await readdir(dirname(local.path))
  assert.ok(beside.some((name) => name.endsWith('.bak')))
  assert.deepEqual(found([await project.names(), ...beside].join('\n')), [], 'names of files')
}

/** A channel that only one side has, with a secret in each column that can hold one. */
function alone({ dialect }: Target, name: string, canaries: Canaries): string {
  const { foreign, proxyToken, headerToken, otherToken } = canaries
  const cells = {
    ...channelRow({ type: 1, name, models: 'gpt-5', key: foreign }),
    setting: JSON.stringify({ proxy: `http://u:${proxyToken}@p.example` }),
    header_override: JSON.stringify({ Authorization: `Bearer ${headerToken}` }),
    other: otherToken,
  }
  return insertText(dialect, 'channels', { id: 21, ...cells })
}

function keysOf({ planKey, fingerprintKey, journalKey }: Canaries): Env {
  return {
    TIDEGATE_PLAN_KEY: planKey,
    TIDEGATE_FINGERPRINT_KEY: fingerprintKey,
    TIDEGATE_JOURNAL_KEY: journalKey,
  }
}

function prefixed(prefix: string, env: Env): Env {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [`${prefix}_${name}`, value]),
  )
}

/** What of the journal holds no images. */
const VISIBLE = 'run_id, seq, source, table_name, operation, locator, columns, digest, undone_by'

type Found = (text: string) => string[]

async function assertJournal(target: Target, found: Found): Promise<void> {
  const visible = await textOf(target, VISIBLE, 'tidegate_journal')
  assert.ok(visible.includes('push:') || visible.includes('pull:'))
  assert.deepEqual(found(visible), [], 'journal')
  assert.deepEqual(found(await textOf(target, '*', 'tidegate_runs')), [], 'runs')
}

/** Who remembers something there: no secret. A row is known by its name, whatever that looks like. */
async function rememberedIn(target: Target, found: Found): Promise<string[]> {
  const rows = await queryRaw(
    target,
    'select seed, table_name, row_id, cells, run_id, row_key from tidegate_base order by seed',
  )
  for (const [index, row] of rows.entries()) {
    const [text, key] = [row.slice(0, -1).join('\n'), String(row.at(-1))]
    assert.deepEqual(found(text), [], `base ${index}: ${text}`)
    const named = found(key).filter((one) => !one.startsWith('remarkToken '))
    assert.deepEqual(named, [], `base ${index}: ${key}`)
  }
  assert.deepEqual(found(await textOf(target, '*', 'tidegate_seeds')), [], 'seeds')
  return [...new Set(rows.map(([seed]) => String(seed).split(':')[0]!))]
}

/** Which secrets of cells that hold nothing else are in the images. */
async function secretsIn(target: Target, found: Found): Promise<string[]> {
  const images = 'before_image, after_image, before_secrets, after_secrets'
  const text = await textOf(target, images, 'tidegate_journal')
  return found(text).filter((one) => SECRET_CELLS.test(one))
}

async function textOf(target: Target, columns: string, table: string): Promise<string> {
  const rows = await queryRaw(target, `select ${columns} from ${table}`)
  return rows.map((row) => row.join('\n')).join('\n')
}

/** Of columns that hold secrets and nothing else. */
const SECRET_CELLS = /^(?:oldKey|foreign|referred|apiKey|proxyToken|headerToken|otherToken) /
