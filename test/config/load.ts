import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { loadSettings, type Flags } from '../../src/config/settings.ts'
import { ConfigError } from '../../src/errors.ts'

/** What a run finds. */
export interface Given {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly flags?: Flags
  /** Lines of `.env`. */
  readonly dotenv?: readonly string[]
  /** What the configuration file exports, as source text. */
  readonly config?: string
}

/** A new folder, removed after the test. */
export function makeRoot(context: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'tidegate-settings-'))
  context.after(() => rmSync(root, { recursive: true, force: true }))
  return root
}

/** Loads the settings in a folder of their own. */
export async function load(context: TestContext, given: Given) {
  const root = makeRoot(context)
  const { env = {}, flags = {}, dotenv, config } = given
  if (dotenv !== undefined) writeFileSync(join(root, '.env'), dotenv.join('\n'))
  if (config !== undefined) {
    writeFileSync(join(root, 'tidegate.config.mjs'), `export default ${config}`)
  }
  return { root, settings: await loadSettings({ cwd: root, env, flags }) }
}

/** The faults of settings that must not load; none of them may say SECRET. */
export async function refuse(context: TestContext, given: Given): Promise<readonly string[]> {
  const error = await load(context, given).then(
    () => assert.fail('it was accepted'),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof ConfigError, String(error))
  assert.doesNotMatch(JSON.stringify(error.details) + error.message, /SECRET/)
  return error.faults.map(({ source, problem }) => `${source}: ${problem}`)
}
