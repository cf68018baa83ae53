import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Target } from '../../src/database/contract.ts'
import { executeRaw } from '../support/raw.ts'
import { channelRow, insertText, type Value } from '../seed/world.ts'
import type { Canaries } from './canaries.ts'

const ROOT = join(import.meta.dirname, '../..')

/** A project of its own, whose files may be changed. */
export async function createCanaryProject(canaries: Canaries) {
  const folder = await mkdtemp(join(tmpdir(), 'tidegate-canary-'))
  await mkdir(join(folder, 'migrations'))
  await mkdir(join(folder, 'seeds'))
  for (const place of ['migrations', 'seeds']) {
    for (const name of await readdir(join(ROOT, place))) {
      await symlink(join(ROOT, place, name), join(folder, place, name))
    }
  }
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  await writeFile(join(folder, 'password'), canaries.passwordFile, { mode: 0o600 })
  await writeFile(join(folder, 'key'), `${canaries.apiKeyFile}\n`, { mode: 0o644 })
  await writeFile(join(folder, 'bad.config.ts'), `throw new Error('${canaries.smtpToken}')`)
  const file = (path: string) => join(folder, path)
  return {
    folder,
    write: (path: string, text: string) => writeFile(file(path), text),
    remove: () => rm(folder, { recursive: true, force: true }),
    delete: (path: string) => rm(file(path)),
    /** What commands wrote, by name. */
    written: async () => {
      const names = await readdir(folder, { recursive: true })
      const own = names.filter((name) => /^(?:out\.|snapshots.|drift-accepted)/.test(name))
      const texts = own.map(async (name) => [name, await readFile(file(name), 'utf8')] as const)
      return new Map(await Promise.all(texts))
    },
    names: async () => (await readdir(folder, { recursive: true })).join('\n'),
  }
}

/** Rows with a secret in every column that can hold one. */
export async function plantRows(target: Target, canaries: Canaries): Promise<void> {
  const { oldKey, tokenKey, userPassword, accessToken, smtpToken } = canaries
  const { proxyToken, headerToken, paramToken, otherToken } = canaries
  const hidden: Record<string, Value> = {
    setting: JSON.stringify({ proxy: `http://u:${proxyToken}@p.example` }),
    header_override: JSON.stringify({ Authorization: `Bearer ${headerToken}` }),
    param_override: JSON.stringify({ token: paramToken }),
    other: otherToken,
  }
  const row = (table: string, cells: Record<string, Value>) =>
    insertText(target.dialect, table, cells)
  const user = {
    id: 1,
    username: 'root',
    password: userPassword,
    access_token: accessToken,
    aff_code: 'a',
  }
  const padded = { type: 37, name: 'Bltcy旧网关', models: ',runway,', key: oldKey }
  await executeRaw(
    target,
    [
      row('channels', { id: 1, ...channelRow(padded), ...hidden }),
      row('tokens', { id: 1, user_id: 1, key: tokenKey, name: 't' }),
      row('users', user),
      row('options', { key: 'SMTPToken', value: smtpToken }),
    ].join('\n'),
  )
}

/** Secrets inside of values that are none, where people put them. */
export async function plantEmbedded(target: Target, canaries: Canaries): Promise<void> {
  const { urlPassword, remarkToken, settingsToken, optionToken } = canaries
  const cells = {
    name: `embedded ${remarkToken}`,
    base_url: `https://u:${urlPassword}@h.example`,
    remark: `see ${remarkToken}`,
    settings: JSON.stringify({ token: settingsToken, other: [`Bearer ${remarkToken}`] }),
    model_mapping: JSON.stringify({ [optionToken]: 'x', api_key: settingsToken }),
    test_model: `https://h.example/?key=${settingsToken}`,
  }
  await executeRaw(
    target,
    [
      insertText(target.dialect, 'channels', { id: 7, ...channelRow({ type: 1 }), ...cells }),
      insertText(target.dialect, 'options', { key: 'Footer', value: `<a href="${optionToken}">` }),
      insertText(target.dialect, 'options', {
        key: 'ModelRatio',
        value: JSON.stringify({ [optionToken]: 1 }),
      }),
    ].join('\n'),
  )
}

/** A seed that declares secrets inside of values that are none, and an option that is one. */
export function plantedSeed(canaries: Canaries): string {
  const { urlPassword, remarkToken, settingsToken, optionToken } = canaries
  const channel = {
    id: 'planted',
    type: 3,
    name: 'planted',
    models: ['gpt-5'],
    group: ['default'],
    base_url: `https://u:${urlPassword}@h.example`,
    tag: optionToken,
    remark: `see ${remarkToken}`,
    settings: JSON.stringify({ token: settingsToken, other: [`Bearer ${remarkToken}`] }),
    model_mapping: JSON.stringify({ [optionToken]: 'x', api_key: settingsToken }),
    status_code_mapping: JSON.stringify({ '500': { token: settingsToken } }),
    test_model: `https://h.example/?key=${settingsToken}`,
  }
  const options = [
    { key: 'PlantedToken', value: settingsToken },
    { key: 'Planted', value: `<a href="${optionToken}">` },
    { key: 'CompletionRatio', merge: { [optionToken]: 1 }, otherwise: {} },
  ]
  return `const channel = ${JSON.stringify(channel)}
export default {
  description: 'made up',
  inputs: { key: { kind: 'secret', variable: 'PLANTED_KEY' } },
  rows: ({ key }) => ({ channels: [{ ...channel, key }], options: ${JSON.stringify(options)} }),
}`
}

const KYSELY = import.meta.resolve('kysely')

function migration(body: string): string {
  return `import { sql } from '${KYSELY}'
export default { description: 'made up', async up(db) { ${body} }, async down() {} }`
}

/** Migrations that make the database quote a row, and one that quotes it itself. */
export const QUOTING_MIGRATIONS: Readonly<Record<string, string>> = {
  duplicate: migration(
    'await sql`insert into tokens (id, user_id, "key", name) select 2, 1, "key", name from tokens`.execute(db)',
  ),
  'primary-key': migration(
    'await sql`insert into options ("key", value) select "key", value from options`.execute(db)',
  ),
  cast: migration(`await sql\`update channels set used_quota =
    (select case when cast(value as bigint) = 0 then abs(-9223372036854775807 - 1) end from options)\`.execute(db)`),
  null: migration('await sql`update users set username = null, password = null`.execute(db)'),
  long: migration(
    'await sql`update users set access_token = access_token || password || password`.execute(db)',
  ),
  json: migration(`await sql\`update channels set channel_info =
    (select json_extract(value, '$') from options)\`.execute(db)`),
  thrown: migration(`const { rows } = await sql\`select "key" from channels\`.execute(db)
    throw new Error('bad key ' + rows[0].key, { cause: rows })`),
  'thrown-value': migration('throw (await sql`select * from channels`.execute(db)).rows[0].key'),
  syntax: migration(
    "await sql.raw(`select '${(await sql`select value from options`.execute(db)).rows[0].value}`).execute(db)",
  ),
  committing: migration('await sql`commit`.execute(db)'),
}
