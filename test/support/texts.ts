import assert from 'node:assert/strict'
import type { Check, CheckId, Facts, Finding } from '../../src/doctor/diagnosis.ts'
import type { RuleId } from '../../src/doctor/rule-table.ts'
import { doctorTexts } from '../../src/language/catalogue.ts'
import { LANGUAGES } from '../../src/language/language.ts'
import { placeholders } from '../../src/language/template.ts'

/** Every placeholder of a rule's or a check's texts, in any language, with a value. */
export function factsFor(of: RuleId | CheckId, value: (name: string) => string = () => '3'): Facts {
  const templates = LANGUAGES.flatMap((language) => {
    const { rules, checks } = doctorTexts(language)
    return Object.values(of in rules ? rules[of as RuleId] : checks[of as CheckId]) as string[]
  })
  const names = new Set(templates.flatMap(placeholders))
  return Object.fromEntries([...names].map((name) => [name, value(name)]))
}

/** Fails when a text of the finding's rule asks for a fact that the finding does not give. */
export function assertTextsFit({ rule, facts }: Pick<Finding, 'rule' | 'facts'>): void {
  for (const language of LANGUAGES) {
    const { title, explanation, advice } = doctorTexts(language).rules[rule]
    assertGiven(`${rule} in ${language}`, [title, explanation, advice], facts)
  }
}

/** The same for the answer of a check. */
export function assertCheckFits({ id, result, facts }: Check): void {
  for (const language of LANGUAGES) {
    const { title, [result]: answer } = doctorTexts(language).checks[id]
    assertGiven(`${id} ${result} in ${language}`, [title, answer], facts)
  }
}

function assertGiven(what: string, templates: readonly string[], facts: Facts): void {
  const missing = templates.flatMap(placeholders).filter((name) => !Object.hasOwn(facts, name))
  assert.deepEqual(missing, [], `${what} asks for facts that are not given`)
}
