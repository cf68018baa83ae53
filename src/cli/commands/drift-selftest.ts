import { join } from 'node:path'
import { newRun } from '../../apply/run.ts'
import { escapeText } from '../../report/escape.ts'
import { renderTable } from '../../report/table.ts'
import type { CaseResult } from '../../selftest/check.ts'
import type { CommandDefinition } from '../command.ts'
import type { Context } from '../context.ts'
import { EXIT_CODES } from '../exit-codes.ts'
import { folderOrShipped } from '../shipped.ts'
import { VERSION } from '../version.ts'

export const driftSelftest: CommandDefinition = {
  command: 'selftest',
  describe: 'prove that every kind of difference is found, in throw-away SQLite files',
  examples: [['$0 drift selftest', 'connects to nothing; takes a few seconds']],
  run: runDriftSelftest,
}

async function runDriftSelftest(context: Context): Promise<void> {
  const { runSelftest } = await import('../../selftest/run.ts')
  const { SELFTEST_CASES } = await import('../../selftest/cases.ts')
  // A project's own migrations say nothing about the comparison.
  const nowhere = import.meta.dirname
  const folder = folderOrShipped(nowhere, 'migrations', join(nowhere, 'migrations'))
  const run = newRun({
    command: 'drift selftest',
    environment: 'selftest',
    toolVersion: VERSION,
  })
  const results = await runSelftest({ folder, run }, SELFTEST_CASES)
  reportSelftest(context, results)
}

/** Prints what came of it, and sets the exit code. */
export function reportSelftest(context: Context, results: readonly CaseResult[]): void {
  const { output } = context
  const [differences, equal] = [countOf(results, 'difference'), countOf(results, 'equal')]
  const status = results.every(({ holds }) => holds) ? 'proven' : 'failed'
  if (status === 'failed') context.exitCode = EXIT_CODES.error
  output.data({ command: 'drift selftest', status, differences, equal, cases: results })
  output.text(renderTable(['', 'case', 'expected'], results.map(rowOf), { width: output.width }))
  for (const result of results.filter(({ holds }) => !holds)) output.text(describeFailure(result))
  output.text(
    `${differences.held} ${differences.held === 1 ? 'difference' : 'differences'} of ${differences.total} found, ${equal.held} of ${equal.total} equal pairs clean`,
  )
}

function countOf(results: readonly CaseResult[], kind: CaseResult['kind']) {
  const all = results.filter((result) => result.kind === kind)
  return { total: all.length, held: all.filter(({ holds }) => holds).length }
}

function rowOf({ name, holds, expected }: CaseResult): string[] {
  const said = describe(expected).map(escapeText)
  return [holds ? '✓' : '✗', escapeText(name), said.join('\n') || 'nothing']
}

function describeFailure({ name, expected, found }: CaseResult): string {
  const list = (said: readonly string[]) => (said.length === 0 ? ['nothing'] : said)
  const lines = [
    `✗ ${name}`,
    ...list(describe(expected)).map((line) => `  expected ${line}`),
    ...list(describe(found)).map((line) => `  found    ${line}`),
  ]
  return `\n${lines.map(escapeText).join('\n')}\n`
}

function describe({ findings, incomplete, unlisted }: CaseResult['expected']): string[] {
  const side = { from: ' of left', to: ' of right' } as const
  return [
    ...findings.map((one) => {
      const of = one.side === null ? '' : side[one.side]
      const cells = one.cells.length === 0 ? '' : `: ${one.cells.join(', ')}`
      const row = [one.table, ...one.key.map((part) => JSON.stringify(part))].join(' ')
      return `${one.kind} (${one.class}, ${one.severity}) ${row}${of}${cells}`
    }),
    ...incomplete.map((table) => `incomplete ${table}`),
    ...(unlisted === 0 ? [] : [`${unlisted} customers' rows counted`]),
  ]
}
