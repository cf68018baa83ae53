import type { RuleId } from '../rule-table.ts'
import type { Rule } from '../world.ts'
import { routed } from './pairs.ts'

/** What refuses requests once the option's map is empty. */
const REFUSED_BY: Readonly<Record<string, RuleId>> = {
  AutoGroups: 'G5',
  ModelPrice: 'P1',
  ModelRatio: 'P1',
}

/** Options whose text should be JSON and is not. */
export const O1: Rule = (world) => {
  const keys = world.options.invalidJson
  if (keys.length === 0) return null
  const rules = new Set(keys.map((key) => REFUSED_BY[key]))
  return {
    facts: { options: keys.join(', ') },
    evidence: keys.map((key) => ({ table: 'options', row: key, label: null, cells: [] })),
    pairs: routed(world, ({ rule }) => rule !== null && rules.has(rule)).pairs,
    repair: { kind: 'advice' },
  }
}
