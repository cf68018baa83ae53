import { relative } from 'node:path'
import type { DriftReport } from '../diff/drift-report.ts'
import { entriesFor, neededEntries } from '../drift/accept.ts'
import { readAccepted, withEntries, writeAccepted } from '../drift/accepted-file.ts'
import { TidegateError } from '../errors.ts'
import { escapeText } from '../report/escape.ts'
import type { Context } from './context.ts'
import { runComparison } from './drift-input.ts'
import { ACCEPT_DAYS } from './options.ts'

const DAY_MS = 86_400_000

/** What `accept` does. */
export async function runAccept(context: Context): Promise<void> {
  const ids = context.strings('id')
  const prune = context.flag('prune')
  if (ids.length === 0 && !prune) throw usage('which difference is meant is missing', 'give its id')
  const acceptance = ids.length === 0 ? null : readAcceptance(context)
  const { report, settings, environment } = await runComparison(context)
  const { acceptedFile, root } = settings
  const before = await readAccepted(acceptedFile, root)
  const added = acceptance === null ? [] : entriesFor(report, ids, { ...acceptance, environment })
  const kept = prune ? neededEntries(report, before, environment, day(0)) : before
  await writeAccepted(acceptedFile, root, withEntries(kept, added))
  const file = relative(root, acceptedFile)
  const removed = before.length - kept.length
  context.output.data({ command: 'accept', file, added: added.length, removed, entries: added })
  context.output.text(
    [
      `${escapeText(file)}: ${added.length} accepted, ${removed} removed`,
      ...describeAdded(report, ids, acceptance?.expires ?? ''),
    ].join('\n'),
  )
}

function readAcceptance(context: Context) {
  const reason = context.string('reason')?.trim() ?? ''
  const owner = context.string('owner')?.trim() ?? ''
  if (reason === '' || owner === '') {
    throw usage('whoever accepts says why and who answers for it', 'add --reason and --owner')
  }
  const expires = context.string('expires') ?? day(ACCEPT_DAYS)
  if (!isDay(expires)) throw usage('--expires is no date', 'write it as 2027-01-31')
  if (expires < day(0)) throw usage('--expires is over', 'name a day to come')
  return { reason, owner, expires }
}

/** So many days from now, `YYYY-MM-DD` in UTC. */
function day(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10)
}

function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

function describeAdded(report: DriftReport, ids: readonly string[], expires: string): string[] {
  return report.findings
    .filter(({ id }) => ids.includes(id))
    .map(({ id, message }) => `${id} until ${expires}: ${escapeText(message)}`)
}

function usage(problem: string, nextStep: string): TidegateError {
  return new TidegateError('usage', problem, { nextStep })
}
