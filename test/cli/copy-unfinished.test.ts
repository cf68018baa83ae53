import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, describe, it } from 'node:test'
import type { PostgresTarget, Target } from '../../src/database/contract.ts'
import type { CliResult } from '../support/cli.ts'
import { startFaultProxy, type FrontendMessage } from '../support/fault-proxy.ts'
import { createTestDatabase, testPostgres } from '../support/postgres.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { createSqliteFile } from '../support/sqlite.ts'
import { callerIn, envOf, runnerIn, testProject } from './runs.ts'
import { channel, KEYS } from './sync-pair.ts'

const server = testPostgres()
const project = testProject()
const call = callerIn(project)
const run = runnerIn(project)

const drops: (() => Promise<void>)[] = []

after(async () => {
  for (const drop of drops) await drop()
})

const CHANNEL = channel({ id: 1, name: 'one', key: KEYS.local })

/** A full database to copy from, and where it is copied to. */
interface Ends {
  readonly postgres: PostgresTarget
  readonly path: string
  /** Whether rows are committed on the right side. */
  readonly isWritten: () => Promise<boolean>
}

async function toPostgres(): Promise<Ends> {
  const file = await createSqliteFile({ fixture: 'n25' })
  const made = await createTestDatabase(await server)
  drops.push(
    () => file.drop(),
    () => made.drop(),
  )
  const { target } = made
  await executeRaw(file.target, CHANNEL)
  return { postgres: target, path: file.path, isWritten: () => hasRows(target) }
}

async function toSqlite(): Promise<Ends> {
  const file = await createSqliteFile()
  const made = await createTestDatabase(await server, { fixture: 'n25' })
  drops.push(
    () => file.drop(),
    () => made.drop(),
  )
  const { target } = made
  await executeRaw(target, CHANNEL)
  const path = `${file.path}.copied`
  const copied = { ...file.target, path, label: path }
  return { postgres: target, path, isWritten: async () => existsSync(path) && hasRows(copied) }
}

async function hasRows(target: Target): Promise<boolean> {
  const rows = await queryRaw(target, 'select id from channels').catch(() => [])
  return rows.length === 1
}

interface Fault {
  readonly name: string
  readonly ends: () => Promise<Ends>
  readonly line: string
  /** Whether a message belongs to the comparison, and is not to be answered. */
  readonly isHit: (ends: Ends, message: FrontendMessage) => boolean | Promise<boolean>
}

const NEXT = /^next: compare both sides with `tidegate drift --from (\w+) --to (\w+)`$/m

const FAULTS: readonly Fault[] = [
  {
    name: 'the target cannot be reached any more',
    ends: toPostgres,
    line: 'copy --yes',
    isHit: (_ends, { connection }) => connection > 2,
  },
  {
    name: 'the connection to the target is cut',
    ends: toPostgres,
    line: 'copy --yes',
    isHit: (_ends, { connection, number }) => connection > 2 && number > 6,
  },
  {
    name: 'the connection to the source is cut',
    ends: toSqlite,
    line: 'copy --yes --from production --to local',
    isHit: ({ isWritten }) => isWritten(),
  },
]

/** Runs `body` while what belongs to the comparison is cut, or given to `hold`. */
async function withFault(
  { ends, isHit }: Fault,
  body: (ends: Ends, env: Record<string, string>) => Promise<void>,
  hold: () => Promise<void> = async () => undefined,
): Promise<void> {
  const made = await ends()
  const proxy = await startFaultProxy(made.postgres, {
    judge: async (message) => {
      if (!(await isHit(made, message))) return 'forward'
      await hold()
      return 'cut-before'
    },
  })
  try {
    const dsn = envOf(proxy.target)['SQL_DSN']!
    await body(made, { LOCAL_SQLITE_PATH: made.path, PRODUCTION_SQL_DSN: dsn })
    assert.ok(proxy.cuts > 0)
  } finally {
    await proxy.close()
  }
}

function assertTold({ code, stdout, stderr }: CliResult, line: string): void {
  assert.equal(code, 1, stderr)
  const [from, to] = line.includes('--from') ? ['production', 'local'] : ['local', 'production']
  assert.match(
    stderr,
    new RegExp(`^error: the rows are in ${to}, and only the comparison did not finish: .`, 'm'),
  )
  assert.deepEqual(NEXT.exec(stderr)?.slice(1), [from, to], stderr)
  assert.doesNotMatch(stdout, /drift:/)
}

describe('a copy whose rows are written says so when', () => {
  for (const fault of FAULTS) {
    it(fault.name, async () => {
      await withFault(fault, async ({ isWritten, postgres, path }, env) => {
        assertTold(await call(fault.line, env), fault.line)
        assert.ok(await isWritten())
        const direct = { LOCAL_SQLITE_PATH: path, PRODUCTION_SQL_DSN: envOf(postgres)['SQL_DSN']! }
        const again = await call('drift --from local --to production', direct)
        assert.equal(again.code, 0, again.stdout)
      })
    })
  }

  for (const fault of FAULTS.slice(1)) {
    it(`it is stopped before ${fault.name}`, async () => {
      const released = Promise.withResolvers<void>()
      let stop = () => {}
      const hold = async (): Promise<void> => {
        stop()
        await released.promise
      }
      await withFault(
        fault,
        async ({ isWritten }, env) => {
          const onSpawn = (child: { kill(signal: NodeJS.Signals): void }) => {
            stop = () => child.kill('SIGINT')
          }
          const result = await run(fault.line, env, { onSpawn, timeoutMs: 15_000 })
          released.resolve()
          assertTold(result, fault.line)
          assert.match(result.stderr, /it was stopped/)
          assert.ok(await isWritten())
        },
        hold,
      )
    })
  }
})
