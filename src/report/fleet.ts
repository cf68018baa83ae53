import { escapeText, shorten } from './escape.ts'
import { counted } from './phrase.ts'
import { renderTable } from './table.ts'

export const FLEET_RESULTS = [
  'changed',
  'unchanged',
  'clean',
  'different',
  'healthy',
  'findings',
  'failed',
  'not started',
] as const

export type FleetResult = (typeof FLEET_RESULTS)[number]

/** What became of one environment. */
export interface FleetEntry {
  readonly environment: string
  readonly status: FleetResult
  /** Null when it was not started; so is `ms`. */
  readonly exitCode: number | null
  readonly ms: number | null
  /** One sentence; it may quote the database. Empty when it was not started. */
  readonly what: string
  /**
   * The command's own JSON object. One that is too large has only its small members, and
   * `truncated`; null when nobody asked for it.
   */
  readonly report: object | null
}

export const FLEET_SCHEMA = 'urn:tidegate:fleet-report:v1'

/** The shape of `--json` and of `--fleet-report`. */
export interface FleetReport {
  readonly $schema: typeof FLEET_SCHEMA
  readonly command: string
  /** As `--env` said it. */
  readonly pattern: string
  /** `found`: every environment was looked at, and something was found. */
  readonly status: 'ok' | 'found' | 'failed'
  /** By name. */
  readonly environments: readonly FleetEntry[]
}

export function fleetStatus(entries: readonly FleetEntry[]): FleetReport['status'] {
  if (!entries.every(isDone)) return 'failed'
  return entries.some(({ exitCode }) => exitCode !== 0) ? 'found' : 'ok'
}

/** Whether there is nothing to do again. */
export function isDone({ status }: FleetEntry): boolean {
  return status !== 'failed' && status !== 'not started'
}

const WHAT_LIMIT = 200

/** One line for each environment, and one that counts them. */
export function renderFleet(
  { environments }: FleetReport,
  options: { readonly width: number },
): string {
  const rows = environments.map(({ environment, status, exitCode, ms, what }) => [
    escapeText(environment),
    status,
    exitCode === null ? '–' : String(exitCode),
    ms === null ? '–' : `${ms} ms`,
    shorten(what, WHAT_LIMIT),
  ])
  const head = ['environment', 'result', 'exit', 'time', 'what']
  return `${renderTable(head, rows, options)}\n\n${countResults(environments)}`
}

function countResults(entries: readonly FleetEntry[]): string {
  const counts = FLEET_RESULTS.flatMap((result) => {
    const count = entries.filter(({ status }) => status === result).length
    return count === 0 ? [] : [`${count} ${result}`]
  })
  return `${counted(entries.length, 'environment')}: ${counts.join(', ')}`
}

/** Progress: one environment has ended. */
export function describeEntry(entry: FleetEntry, ended: number, all: number): string {
  const { environment, status, ms, what } = entry
  const why = what === '' ? '' : `: ${shorten(what, WHAT_LIMIT)}`
  return `${ended}/${all} ${escapeText(environment)} ${status} (${ms ?? 0} ms)${why}`
}
