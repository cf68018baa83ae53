import { isPriced } from '../../gateway/prices.ts'
import { EVIDENCE_LIMIT, type Evidence } from '../diagnosis.ts'
import type { Rule, World } from '../world.ts'
import { isNarrowed, nameList } from './access-finding.ts'
import { routed } from './pairs.ts'

/** Models without a price, where the gateway refuses them. */
export const P1: Rule = (world) => {
  const { unpricedStatus } = world.profile
  const models = unpricedModels(world)
  const unpriced = new Set(models)
  if (unpricedStatus === null || models.length === 0) return null
  return {
    severity: unpricedStatus === 400 ? 'error' : 'warning',
    facts: { status: String(unpricedStatus), models: nameList(models) },
    evidence: [lackOf('ModelPrice', models), lackOf('ModelRatio', models)],
    pairs: routed(world, ({ model }) => unpriced.has(model)).pairs,
    repair: { kind: 'advice' },
  }
}

function unpricedModels(world: World): readonly string[] {
  const { options, models, users } = world
  // Invalid JSON is a finding of its own, and the cause of this one.
  if (options.modelPrice.kind === 'invalid' || options.modelRatio.kind === 'invalid') return []
  const callers = isNarrowed(world) ? [...users.values()] : [null]
  return models.filter((model) => callers.some((user) => !isPriced(options, model, user)))
}

/** Members that a JSON map has not. */
function lackOf(key: string, models: readonly string[]): Evidence {
  const shown = models.slice(0, EVIDENCE_LIMIT)
  return {
    table: 'options',
    row: key,
    label: null,
    cells: shown.map((model) => ({ column: `value.${model}`, value: null })),
  }
}
