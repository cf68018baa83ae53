import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import type { DialectName } from '../../src/database/contract.ts'
import { createWorld } from '../seed/world.ts'
import { forEachDialect } from '../support/databases.ts'
import { createLocal } from './local.ts'
import { allCommands } from './model-arbitrary.ts'
import { ModelBench } from './model-bench.ts'
import type { RealSide } from './model-side.ts'
import { PostgresSide } from './model-side-postgres.ts'
import { SqliteSide } from './model-side-sqlite.ts'
import { startState } from './model-step.ts'

/** All of it, in some minutes: `PROPERTY_SCALE=1 npm test -- test/sync/model.test.ts`. */
const ALL = { sqlite: 1_000, postgres: 200 } as const

const PART = { sqlite: 20, postgres: 8 } as const

function sequences(dialect: DialectName): number {
  const scale = process.env['PROPERTY_SCALE']
  return scale === undefined ? PART[dialect] : Math.ceil(ALL[dialect] * Number(scale))
}

forEachDialect((dialect, create) => {
  let bench: ModelBench
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tidegate-model-'))
    const local = await createWorld(createLocal, 'n26')
    const production = await createWorld(create, 'n26')
    bench = new ModelBench(
      new SqliteSide('local', local.target as SqliteSide['target']),
      sideOf(production.target),
      folder,
    )
  })
  after(async () => {
    await bench.local.close()
    await bench.production.close()
    await rm(folder, { recursive: true, force: true })
  })

  test('whatever people and tidegate do to both sides, the model knows every row', async (t) => {
    const counts = new Map<string, number>()
    const property = fc.asyncProperty(allCommands(dialect), fc.boolean(), async (all, hasLog) => {
      await bench.reset(hasLog)
      const model = await startState(counts, bench)
      await fc.asyncModelRun(() => ({ model, real: bench }), all)
    })
    const numRuns = sequences(dialect)
    await fc.assert(property, { numRuns, endOnFailure: false })
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
    const all = [...counts].map(([what, count]) => `${what} ${count}`).toSorted()
    t.diagnostic(`${numRuns} sequences, ${total} commands: ${all.join(', ')}`)
  })
})

function sideOf(target: RealSide['target']): RealSide {
  return target.dialect === 'sqlite'
    ? new SqliteSide('production', target)
    : new PostgresSide('production', target)
}
