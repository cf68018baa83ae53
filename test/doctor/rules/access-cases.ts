import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Finding, Repair, Route, Scope } from '../../../src/doctor/diagnosis.ts'
import type { RuleId, Severity } from '../../../src/doctor/rule-table.ts'
import { CACHE_MODES, type CacheMode } from '../../../src/gateway/routing.ts'
import { ACCESS_RULES as ENGLISH } from '../../../src/language/en/access-rules.ts'
import type { AccessRule } from '../../../src/language/doctor-texts.ts'
import { ACCESS_RULES as CHINESE } from '../../../src/language/zh-CN/access-rules.ts'
import type { Gateway } from '../gateway.ts'

/** Runs that ask about the one token that a healthy gateway has. */
export const MAIN = { token: 'main' } as const

/** Runs that ask about all enabled tokens. */
export const EVERYONE = {} as const

export const ADVICE: Repair = { kind: 'advice' }

export function statements(...texts: readonly string[]): Repair {
  return { kind: 'sql', statements: texts }
}

/** A gateway without a cache and with a small pool: nothing is to be said about the server. */
export const VARIABLES = { MEMORY_CACHE_ENABLED: 'false', SQL_MAX_OPEN_CONNS: '10' } as const

/** One change of a healthy gateway, and what a run says of it in both cache modes. */
export interface AccessCase {
  readonly name: string
  readonly sql: string
  /** `MAIN` when absent. */
  readonly scope?: Partial<Scope>
  /** The findings, each with the facts that matter. */
  readonly found: readonly ExpectedFinding[]
  /** HTTP statuses of the routes of each mode, each once; `served` and the like where there is none. */
  readonly answers?: readonly (number | string)[]
  /** Rules that are left when the statements of the first finding were run. */
  readonly left?: readonly RuleId[]
}

type ExpectedFinding = Partial<Omit<Finding, 'rule' | 'severity'>> & {
  readonly rule: RuleId
  readonly severity: Severity
}

export function testAccess(gateway: Gateway, cases: readonly AccessCase[]): void {
  for (const { name, sql, scope = MAIN, found, answers, left } of cases) {
    test(name, async () => {
      await gateway.execute(sql)
      const { findings, routes } = await gateway.examine({ scope, variables: VARIABLES })
      assert.deepEqual(findings.map(pick(found)), found)
      for (const finding of findings) {
        assert.deepEqual(finding.modes, CACHE_MODES)
        assertTextsFit(finding)
      }
      if (answers !== undefined) {
        for (const mode of CACHE_MODES) assert.deepEqual(answersIn(routes, mode), answers, mode)
      }
      if (left !== undefined) assert.deepEqual(await leftAfter(gateway, findings, scope), left)
    })
  }
}

/** Both languages use each fact, and no other. */
function assertTextsFit({ rule, facts }: Finding): void {
  for (const texts of [ENGLISH, CHINESE]) {
    const { title, explanation, advice } = texts[rule as AccessRule]
    assert.doesNotMatch(title, /[{}]/)
    const names = new Set(
      [...`${explanation} ${advice}`.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
    )
    assert.deepEqual(names, new Set(Object.keys(facts)), title)
  }
}

function answersIn(routes: readonly Route[], mode: CacheMode): (number | string)[] {
  const asked = routes.filter((route) => route.mode === mode)
  return [...new Set(asked.map(({ status, outcome }) => status ?? outcome))]
}

/** Of a finding, what the expected one at its place says. */
function pick(expected: readonly ExpectedFinding[]) {
  return (finding: Finding, index: number) => {
    const names = Object.keys(expected[index] ?? { rule: 0, severity: 0 })
    return Object.fromEntries(Object.entries(finding).filter(([name]) => names.includes(name)))
  }
}

async function leftAfter(
  gateway: Gateway,
  [first]: readonly Finding[],
  scope: Partial<Scope>,
): Promise<RuleId[]> {
  const repair = first?.repair
  assert.equal(repair?.kind, 'sql')
  for (const statement of repair.statements) await gateway.execute(statement)
  const { findings } = await gateway.examine({ scope, variables: VARIABLES })
  return findings.map(({ rule }) => rule)
}
