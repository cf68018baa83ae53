import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { DriftReport } from '../../src/diff/drift-report.ts'
import type { Target } from '../../src/database/contract.ts'
import { createProject, type Project, SEED_ENV } from '../support/cli.ts'
import type { GatewayFixture } from '../support/fixtures.ts'
import { applyFixture, executeRaw, queryRaw } from '../support/raw.ts'
import { createTestDatabase, type PostgresServer, sharedPostgres } from '../support/postgres.ts'
import { callMain } from './runs.ts'
import { callsIn } from './shell.ts'

/** The pages of docs/ that tell how something is done: every command on them is run, in order. */

const DOCS = join(import.meta.dirname, '../../docs')

const startPostgres = sharedPostgres()
let server: PostgresServer
const projects: Project[] = []

before(async () => {
  server = await startPostgres()
})
after(async () => {
  for (const project of projects) await project.remove()
})

interface Scene {
  readonly folder: string
  readonly local: Target
  readonly production: Target
  readonly env: Readonly<Record<string, string>>
}

/** Lines of the page that a shell would run, without the environment that they need. */
async function commandsOf(page: string): Promise<string[]> {
  const text = await readFile(join(DOCS, page), 'utf8')
  const blocks = Array.from(text.matchAll(/^( *)```sh\n([\s\S]*?)^ *```$/gm), ([, , body]) => body!)
  const lines = blocks.flatMap((block) => block.split('\n').map((line) => line.trim()))
  return lines.filter((line) => line.startsWith('npx tidegate '))
}

async function call({ folder, env }: Scene, line: string) {
  const [words = []] = await callsIn(line.replace('npx ', ''))
  return callMain(words, { cwd: folder, env })
}

const CHANNEL = (name: string, priority: number) => `
  insert into channels (type, key, name, status, base_url, models, "group", priority, weight)
    values (1, 'sk-test-${priority}', '${name}', 1, 'https://a.example', 'gpt-5', 'default', ${priority}, 0);
  insert into abilities ("group", model, channel_id, enabled, priority, weight)
    select 'default', 'gpt-5', id, true, priority, 0 from channels where name = '${name}'`

/** A local file and a production, both as a gateway makes them unless they shall be empty. */
async function makeScene(
  local: string,
  production: 'gateway' | 'empty',
  fixture: GatewayFixture = 'n26',
): Promise<Scene> {
  const project = await createProject()
  projects.push(project)
  const path = join(project.folder, 'data/one-api.db')
  await mkdir(dirname(path))
  const file = { dialect: 'sqlite', path, label: path, busyTimeoutMs: 1000 } as const
  await applyFixture(file, fixture)
  await executeRaw(file, local)
  const isEmpty = production === 'empty'
  const made = await createTestDatabase(server, isEmpty ? {} : { fixture })
  if (!isEmpty) {
    await executeRaw(made.target, `${CHANNEL('OpenAI main', 5)}; ${CHANNEL('other', 1)}`)
  }
  const env = { ...SEED_ENV, SQLITE_PATH: path, PRODUCTION_SQL_DSN: made.url }
  return { folder: project.folder, local: file, production: made.target, env }
}

const prioritiesOf = async (target: Target) =>
  Object.fromEntries(
    (await queryRaw(target, 'select name, priority from channels')).map(([name, priority]) => [
      String(name),
      Number(priority),
    ]),
  )

/** Runs the lines one by one; `codes` has what each ends with. */
async function runPage(
  scene: Scene,
  page: string,
  codes: readonly number[],
  beforeLine: (line: string) => Promise<void> = async () => undefined,
): Promise<void> {
  const lines = await commandsOf(page)
  assert.equal(lines.length, codes.length, lines.join('\n'))
  for (const [index, line] of lines.entries()) {
    await beforeLine(line)
    const { code, stdout, stderr } = await call(scene, line)
    assert.equal(code, codes[index], `${line}\n${stdout}\n${stderr}`)
  }
}

describe('docs/sync-local.md', () => {
  test('every command does what the page says', async () => {
    const scene = await makeScene(CHANNEL('mine', 3), 'gateway')
    const prepared = await call(scene, 'npx tidegate migrate up --env production')
    assert.equal(prepared.code, 0, prepared.stderr)
    const named = { ...scene, env: { ...scene.env, OPENAI_KEY: 'sk-test-openai-main' } }
    await runPage(named, 'sync-local.md', [2, 0, 0, 2, 2, 0, 0], async (line) => {
      if (line.includes('tidegate doctor')) {
        const keys = await queryRaw(scene.local, `select key from channels where name = 'other'`)
        assert.match(String(keys[0]![0]), /^tidegate-placeholder/)
        await executeRaw(scene.local, `update channels set status = 2 where name = 'other'`)
        await executeRaw(scene.local, `update abilities set enabled = 0 where priority = 1`)
      }
      if (line.includes('tidegate plan')) {
        await executeRaw(scene.local, `update channels set weight = 9 where name = 'OpenAI main'`)
        await executeRaw(scene.local, `update abilities set weight = 9 where priority = 5`)
      }
      if (line.includes('--from snapshots/')) {
        const saved = await call(scene, 'npx tidegate snapshot save --env production')
        assert.equal(saved.code, 0, saved.stderr)
      }
    })
    assert.deepEqual(await prioritiesOf(scene.local), { mine: 3, 'OpenAI main': 5, other: 1 })
    const [[weight]] = (await queryRaw(
      scene.local,
      `select weight from channels where name = 'OpenAI main'`,
    )) as [[unknown]]
    assert.equal(Number(weight), 9)
    assert.deepEqual(await prioritiesOf(scene.production), { 'OpenAI main': 5, other: 1 })
    await executeRaw(scene.production, `update channels set weight = 4 where name = 'other'`)
    const drift = await call(scene, 'npx tidegate drift --json')
    const { base, findings } = drift.json() as unknown as DriftReport
    assert.match(base.label ?? '', /pulled/)
    const changed = findings.filter(({ kind }) => kind === 'changed')
    const classes = new Map(changed.map((one) => [one.key[0], one.class]))
    assert.equal(classes.get('OpenAI main'), 'pending')
    assert.equal(classes.get('other'), 'drift')
  })
})

describe('docs/change-production.md', () => {
  test('every command does what the page says', async () => {
    const scene = await makeScene('select 1', 'gateway')
    const prepared = await call(scene, 'npx tidegate migrate up --env production')
    assert.equal(prepared.code, 0, prepared.stderr)
    await runPage(scene, 'change-production.md', [2, 0, 0, 2, 0, 0, 0], async (line) => {
      if (line.includes('tidegate plan  ')) {
        await executeRaw(scene.local, `update channels set priority = 8 where name = 'other'`)
      }
      if (line.includes('undo --list')) {
        const { other } = await prioritiesOf(scene.production)
        assert.equal(other, 8)
      }
    })
    const { other, ...rest } = await prioritiesOf(scene.production)
    assert.equal(other, 1)
    // What the seed declares stays: the last run alone was taken back.
    assert.equal(Object.keys(rest).length, 2)
  })
})

describe('docs/move-to-postgresql.md', () => {
  test('every command does what the page says', async () => {
    const scene = await makeScene(
      `${CHANNEL('OpenAI main', 5)}; ${CHANNEL('渠道', 2)}`,
      'empty',
      'n25',
    )
    await runPage(scene, 'move-to-postgresql.md', [0, 0, 2])
    assert.deepEqual(await prioritiesOf(scene.production), { 'OpenAI main': 5, 渠道: 2 })
    const back = await call(scene, 'npx tidegate drift --from local --to production')
    assert.equal(back.code, 0, back.stdout)
  })
})
