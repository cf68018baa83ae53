import { hash } from 'node:crypto'
import type { AcceptedEntry } from '../diff/accepted.ts'
import type { DriftReport } from '../diff/drift-report.ts'
import type { Acceptance, Finding } from '../diff/finding.ts'
import { pinOfFinding } from '../diff/shown.ts'
import { TidegateError } from '../errors.ts'

/** Findings that nobody has to accept: they make no run fail. */
const APART: ReadonlySet<Finding['class']> = new Set(['accepted', 'environment', 'runtime'])

/**
 * Entries that accept these findings as they are today: one for each differing cell, or one for a
 * finding that is no changed row. @throws TidegateError for an id that the report does not have.
 */
export function entriesFor(
  report: DriftReport,
  ids: readonly string[],
  acceptance: Acceptance & { readonly environment: string },
): AcceptedEntry[] {
  return ids.flatMap((id) => {
    const finding = report.findings.find((one) => one.id === id)
    if (finding === undefined || finding.kind === 'acceptance') throw unknownId(report)
    const { environment, ...rest } = acceptance
    return placesOf(finding).map((place) => ({ environment, ...place, ...rest }))
  })
}

function placesOf(finding: Finding): Omit<AcceptedEntry, keyof Acceptance | 'environment'>[] {
  const { table, key, kind, cells } = finding
  if (kind !== 'changed') {
    const pin = pinOfFinding(finding, (text) => hash('sha256', text, 'hex'))
    return [{ table, key, column: null, path: null, pin }]
  }
  const open = cells.filter((cell) => !APART.has(cell.class))
  // Accepting once more what is accepted already renews it.
  const meant = open.length > 0 ? open : cells.filter((cell) => cell.class === 'accepted')
  return meant.map(({ column, path, pin }) => ({ table, key, column, path, pin }))
}

function unknownId({ findings }: DriftReport): TidegateError {
  return new TidegateError('usage', 'there is no difference with this id', {
    nextStep:
      findings.length === 0
        ? 'the two sides agree'
        : 'run `tidegate drift` with the same --from, --to and --base; it prints the ids',
  })
}

/**
 * Entries that are still needed: valid today, and for a difference that is there. Those for other
 * environments stay. @throws TidegateError when the comparison did not see everything.
 */
export function neededEntries(
  report: DriftReport,
  entries: readonly AcceptedEntry[],
  environment: string,
  today: string,
): AcceptedEntry[] {
  if (report.verdict.status === 'incomplete' || report.omitted > 0) {
    throw new TidegateError('usage', 'not everything was compared, so nothing is removed', {
      nextStep: 'make `tidegate drift` complete first, or raise --max-findings',
    })
  }
  const differences = report.findings.filter(({ kind }) => kind !== 'acceptance')
  const places = new Set(
    differences.flatMap(({ table, key, cells }) => [
      placeOf({ table, key, column: null, path: null }),
      ...cells.map(({ column, path }) => placeOf({ table, key, column, path })),
    ]),
  )
  return entries.filter(
    (entry) =>
      entry.environment !== environment || (entry.expires >= today && places.has(placeOf(entry))),
  )
}

type Place = Pick<AcceptedEntry, 'table' | 'key' | 'column' | 'path'>

function placeOf({ table, key, column, path }: Place): string {
  return JSON.stringify([table, key, column, path])
}
