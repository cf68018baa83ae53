import type { DatabaseReader } from '../database/contract.ts'
import { appliedBase, readAppliedBase } from '../drift/base.ts'
import { compareSeeds, type SeededSide } from '../drift/compare-seeds.ts'
import type { DriftOptions } from '../drift/report.ts'
import { seededDatabase } from '../drift/seed-world.ts'
import { TidegateError } from '../errors.ts'
import type { DeclaredSeed } from '../seed/declare.ts'
import { planSeedsIn } from '../seed/plan.ts'
import type { CheckResult } from '../serve/check.ts'
import { openDatabaseSource } from '../snapshot/database-source.ts'
import { Fingerprinter } from '../snapshot/fingerprint.ts'
import { maskSecrets } from '../snapshot/mask.ts'
import type { Source } from '../snapshot/source.ts'
import { VERSION } from './version.ts'

/** What a database is compared with. */
export interface SeedCheck extends Pick<DriftOptions, 'accepted' | 'environment' | 'commands'> {
  readonly seeds: readonly DeclaredSeed[]
  /** Null without a key: then one check's fingerprints mean nothing to the next. */
  readonly fingerprinter: Fingerprinter | null
}

/** What `drift --from seeds` would find, as counts. */
export async function compareWithSeeds(
  reader: DatabaseReader,
  input: SeedCheck,
): Promise<Pick<CheckResult, 'drift' | 'pendingSeeds'>> {
  const { seeds, environment } = input
  // Both sides are fingerprinted here and now, so that any key tells equal from different.
  const fingerprinter = input.fingerprinter ?? new Fingerprinter()
  const source = await openDatabaseSource(environment, reader, fingerprinter)
  const [side, base] = await reader.snapshot(async () => [
    await seededDatabase(source, reader, seeds, fingerprinter),
    await readAppliedBase(reader, source.catalog),
  ])
  const options: DriftOptions = {
    ...input,
    base: base.length === 0 ? null : appliedBase('applied', base, maskSecrets(fingerprinter)),
    named: [],
    failOn: 'never',
    maxFindings: Number.POSITIVE_INFINITY,
    mask: maskSecrets(fingerprinter),
    toolVersion: VERSION,
    locate: () => null,
    isEnsured: () => false,
  }
  const { findings, verdict } = compareSeeds(seedSide(source), seeds, side, options)
  return {
    drift: { findings, isComplete: verdict.status !== 'incomplete' },
    pendingSeeds: seeds.filter((seed) => isPending(seed, side, fingerprinter)).length,
  }
}

function seedSide({ takenAt }: Source) {
  const time = takenAt.toISOString()
  const facts = { name: 'seeds', kind: 'seeds', dialect: null, label: 'seeds' } as const
  return { ...facts, gateway: null, takenAt: time }
}

/** A row that cannot be told from others has to be looked at before the seed can be applied. */
function isPending(
  seed: DeclaredSeed,
  { world, catalog }: SeededSide,
  fingerprinter: Fingerprinter,
): boolean {
  const input = { seeds: [seed], fingerprinter, adoptions: [], reEnable: false }
  try {
    const [plan] = planSeedsIn(world, catalog, input).plans
    return plan!.state === 'never' || plan!.changes.length > 0
  } catch (error) {
    if (error instanceof TidegateError) return true
    throw error
  }
}
