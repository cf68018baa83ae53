import { TidegateError } from '../errors.ts'
import type { Settings } from '../config/settings.ts'
import { declareSeeds, type DeclaredSeed } from '../seed/declare.ts'
import { loadSeeds } from '../seed/files.ts'
import type { SeedApplyInput } from '../seed/apply.ts'
import type { Adoption } from '../seed/plan.ts'
import { Fingerprinter } from '../snapshot/fingerprint.ts'
import type { Context } from './context.ts'

/** Loads the seeds of the environment and their secrets, before anything is connected. */
export async function prepareSeeds(context: Context, settings: Settings): Promise<DeclaredSeed[]> {
  const files = await loadSeeds(settings.seedsFolder, settings.environment)
  const seeds = declareSeeds(files, settings.variables, settings.root)
  context.output.redactor.add(seeds.flatMap(({ secrets }) => secrets))
  return seeds
}

/** What a run needs to write the seeds. */
export function seedApplyInput(
  context: Context,
  settings: Settings,
  input: Pick<SeedApplyInput, 'database' | 'seeds' | 'adoptions' | 'run'>,
): SeedApplyInput {
  return {
    ...input,
    fingerprinter: new Fingerprinter(),
    reEnable: context.flag('re-enable'),
    lock: context.lock(settings),
  }
}

/** `--adopt 8`, `--adopt bltcy-channel=8`, repeated for several channels. */
export function parseAdoptions(values: readonly string[]): Adoption[] {
  return values.map((value) => {
    const match = /^(?:([a-z0-9-]+(?:\/[a-z0-9-]+)?)=)?([1-9]\d{0,18})$/.exec(value)
    if (match === null) {
      throw new TidegateError('usage', '--adopt takes the id of a channel: ID or SEED=ID', {
        nextStep: 'for example: tidegate deploy --adopt 8',
      })
    }
    return { channel: match[1] ?? null, id: match[2]! }
  })
}

const CHOICES = ['select', 'pick', 'tables', 'secret', 'overwrite', 'delete', 'base'] as const

/** @throws TidegateError `usage` for a flag that chooses rows: a seed is written as a whole. */
export function refuseChoice(context: Context): void {
  const flag = CHOICES.find(
    (name) =>
      context.flag(name) || context.string(name) !== undefined || context.strings(name).length > 0,
  )
  if (flag === undefined) return
  throw new TidegateError(
    'usage',
    `--${flag} is not for --from seeds: they are written as a whole`,
    {
      nextStep: `leave --${flag} out, or change what the seeds declare`,
    },
  )
}
