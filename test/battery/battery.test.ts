import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { testPostgres } from '../support/postgres.ts'
import { someClasses } from './classes/index.ts'
import { newSeed, runClass } from './run.ts'

/** A tenth of the points of most classes of `npm run battery`; TIDEGATE_SEED repeats a run that failed. */
const SCALE = 0.1

const server = await testPostgres()
const seed = Number(process.env['TIDEGATE_SEED'] || newSeed())

describe(`a tenth of the fault battery, TIDEGATE_SEED=${seed}`, () => {
  for (const faultClass of someClasses(seed)) {
    test(faultClass.name, async (context) => {
      const { result, line } = await runClass(faultClass, { scale: SCALE, seed, server })
      context.diagnostic(line)
      if (result.skipped !== undefined) return context.skip(result.skipped)
      assert.deepEqual(result.problems, [])
      assert.ok(result.points > 0)
      assert.equal(result.recovered, result.points)
    })
  }
})
