import type { CheckResult } from './check.ts'

/** The verdict and counts as two lines of text: nothing in it comes from a row. */
export function summaryOf({ diagnosis, bltcyChannels }: CheckResult, ageSeconds: number): string {
  const { status, counts, pairs, unroutable } = diagnosis.verdict
  const findings = `critical ${counts.critical}, error ${counts.error}, warning ${counts.warning}, info ${counts.info}`
  return [
    `${status}: ${findings}`,
    `unroutable pairs: ${unroutable} of ${pairs}, Bltcy channels: ${bltcyChannels}, checked ${Math.round(ageSeconds)} s ago`,
    '',
  ].join('\n')
}
