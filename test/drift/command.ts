import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Target } from '../../src/database/contract.ts'
import type { DriftReport } from '../../src/diff/drift-report.ts'
import { callerIn, envOf, type Run } from '../cli/runs.ts'
import { FINGERPRINT_KEY, type Pair } from './world.ts'

export interface OwnProject {
  readonly folder: string
  path(name: string): string
  write(name: string, text: string): Promise<void>
}

/** A project of its own without any seed, removed after the tests. */
export function ownProject(): OwnProject {
  let folder = ''
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tidegate-drift-'))
    await mkdir(join(folder, 'seeds'))
    await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  })
  after(() => rm(folder, { recursive: true, force: true }))
  const path = (name: string): string => join(folder, name)
  return {
    get folder() {
      return folder
    },
    path,
    async write(name, text) {
      await mkdir(dirname(path(name)), { recursive: true })
      await writeFile(path(name), text)
    },
  }
}

type Env = Readonly<Record<string, string | undefined>>

/** Variables that lead to the two sides, and the key that both share. */
export function sidesEnv({ from, to }: Pair): Env {
  return {
    ...targetEnv('LOCAL', from.target),
    ...targetEnv('PRODUCTION', to.target),
    TIDEGATE_FINGERPRINT_KEY: FINGERPRINT_KEY,
  }
}

export function targetEnv(prefix: string, target: Target): Env {
  return target.dialect === 'sqlite'
    ? { [`${prefix}_SQLITE_PATH`]: target.path }
    : { [`${prefix}_DATABASE_URL`]: envOf(target)['SQL_DSN'] }
}

/** Runs commands in a project on two sides, in this process. */
export function commandOn(pair: Pair, project: OwnProject): Run {
  const call = callerIn(async () => ({ ...project, remove: async () => undefined }))
  return (line, env = {}) => call(line, { ...sidesEnv(pair), ...env })
}

/** What `drift … --json` prints. */
export async function reportOf(run: Run, line: string, env: Env = {}): Promise<DriftReport> {
  const { stdout, stderr } = await run(`${line} --json`, env)
  const report = JSON.parse(stdout) as DriftReport
  assert.ok('verdict' in report, `${line}: ${stdout} ${stderr}`)
  return report
}
