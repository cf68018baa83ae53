import { randomBytes } from 'node:crypto'
import { after } from 'node:test'
import type { Target } from '../../src/database/contract.ts'
import { executeRaw } from '../support/raw.ts'
import type { Canaries } from './canaries.ts'
import { envOf } from './runs.ts'

export type Env = Readonly<Record<string, string | undefined>>

/** What the shipped seed needs. */
export function seedEnv({ apiKey, foreign }: Canaries): Env {
  return {
    BLTCY_API_KEY: apiKey,
    BLTCY_BASE_URL: 'https://old.example',
    BLTCY_CHANNEL_TYPE: '37',
    AWS_SECRET_ACCESS_KEY: foreign,
  }
}

/** A role of its own, whose password has to be encoded in the address. */
export async function loginEnv(target: Target, { dsnPassword }: Canaries): Promise<Env> {
  if (target.dialect === 'sqlite') return envOf(target)
  const role = `canary_${randomBytes(4).toString('hex')}`
  await executeRaw(target, `create role ${role} superuser login password '${dsnPassword}'`)
  after(() =>
    executeRaw({ ...target, database: 'postgres' }, `drop role ${role}`).catch(() => undefined),
  )
  const login = `${role}:${encodeURIComponent(dsnPassword)}`
  return {
    SQL_DSN: `postgres://${login}@${target.host}:${target.port}/${target.database}?sslmode=disable`,
  }
}
