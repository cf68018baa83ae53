import { renderProblems, renderTables, renderVerdict } from '../report/copy.ts'
import type { CopyPreview } from '../sync/copy-preview.ts'
import type { Context } from './context.ts'
import type { CopyEnds, CopyResult } from './copy-run.ts'
import { driftCommand } from './copy-written.ts'
import { EXIT_CODES } from './exit-codes.ts'

const UNMADE =
  'the tables are not there yet: checked against what the source declares; the copy checks again'

/** What does not fit, or that everything does; nothing was written. */
export function printPreview(context: Context, ends: CopyEnds, preview: CopyPreview): void {
  const { output } = context
  const { tables, scope, problems, makesTables } = preview
  const { total, listed } = problems
  const { notCopied } = scope
  output.data({
    ...facts(ends),
    status: total === 0 ? 'fits' : 'refused',
    tables,
    notCopied,
    makesTables,
    problems: { total, listed },
  })
  if (makesTables) output.note(UNMADE)
  if (total === 0) {
    output.text(renderTables({ tables, notCopied }, output))
    output.text('everything fits; nothing was written')
    return
  }
  output.text(renderProblems(problems, output))
  output.text(`${total === 1 ? '1 problem' : `${total} problems`}; nothing was copied`)
  context.exitCode = EXIT_CODES.found
}

/** What was copied, and whether both sides are equal now. */
export function printCopied(context: Context, ends: CopyEnds, result: CopyResult): void {
  const { output } = context
  const { tables, scope, run, verdict } = result
  const { notCopied } = scope
  const next = verdict.status === 'clean' ? null : driftCommand(ends)
  const copied = { status: 'copied', run: run.id, tables, notCopied, drift: verdict, next }
  output.data({ ...facts(ends), ...copied })
  output.text(renderTables({ tables, notCopied }, output))
  output.text(renderVerdict(verdict))
  if (next === null) return
  output.text(`the rows are in ${ends.to.name}; compare both sides with \`${next}\``)
}

function facts({ from, to }: CopyEnds) {
  return { command: 'copy', from: sideOf(from), to: sideOf(to) }
}

function sideOf({ name, target }: CopyEnds['from']) {
  return { name, dialect: target.dialect, label: target.label }
}
