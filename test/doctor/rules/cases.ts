import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { DialectName } from '../../../src/database/contract.ts'
import type { Diagnosis, Finding } from '../../../src/doctor/diagnosis.ts'
import type { RuleId, Severity } from '../../../src/doctor/rule-table.ts'
import type { CacheMode } from '../../../src/gateway/routing.ts'
import { assertTextsFit } from '../../support/texts.ts'
import type { ExamineOptions, Gateway } from '../gateway.ts'

/** Nothing delays what changes, and the pool fits the server. */
export const QUIET = { MEMORY_CACHE_ENABLED: 'false', SQL_MAX_OPEN_CONNS: '20' }

/** What one database makes the doctor find. */
export interface Case {
  readonly name: string
  /** Run on the healthy database. */
  readonly sql?: string
  readonly options?: ExamineOptions
  /** Only there. */
  readonly dialect?: DialectName
  /** `severity rule`, in their order; for both modes unless it says them apart. */
  readonly finds: readonly Found[] | Readonly<Record<CacheMode, readonly Found[]>>
  /** Of the first finding, without the tool's name and the environment; null is advice. */
  readonly repair?: string | readonly string[] | null
  readonly check?: (first: Finding, diagnosis: Diagnosis) => void
}

export type Found = `${Severity} ${RuleId}`

/** One test for each case and cache mode. */
export function testCases(gateway: Gateway, cases: readonly Case[]): void {
  for (const one of cases) {
    if ((one.dialect ?? gateway.dialect) !== gateway.dialect) continue
    it(one.name, async () => {
      if (one.sql !== undefined) await gateway.execute(one.sql)
      await assertMode(gateway, one, 'cache-off')
      await assertMode(gateway, one, 'cache-on')
    })
  }
}

async function assertMode(gateway: Gateway, one: Case, mode: CacheMode): Promise<void> {
  const diagnosis = await gateway.examine({ variables: QUIET, modes: [mode], ...one.options })
  const { findings } = diagnosis
  const wanted = 'cache-off' in one.finds ? one.finds[mode] : one.finds
  assert.deepEqual(
    findings.map(({ severity, rule }) => `${severity} ${rule}`),
    wanted,
    mode,
  )
  for (const finding of findings) assertTextsFit(finding)
  const [first] = findings
  if (first === undefined) return
  if (one.repair !== undefined) assert.deepEqual(repairOf(first), one.repair)
  one.check?.(first, diagnosis)
}

export function repairOf({ repair }: Finding): string | readonly string[] | null {
  if (repair.kind === 'sql') return repair.statements
  if (repair.kind === 'advice') return null
  return repair.command.replace(/^tidegate /, '').replace(/ --env test$/, '')
}
