import { mkdir } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { readAppliedBase } from '../drift/base.ts'
import { escapeText } from '../report/escape.ts'
import { renderTable } from '../report/table.ts'
import { openDatabaseSource } from '../snapshot/database-source.ts'
import { readSnapshot } from '../snapshot/file-source.ts'
import { saveSnapshot, type SnapshotFacts } from '../snapshot/file-write.ts'
import { maskSecrets } from '../snapshot/mask.ts'
import type { Context } from './context.ts'
import { readFingerprinter } from './fingerprint-key.ts'
import { openSide } from './sides.ts'

/** What `snapshot save` does. */
export async function runSave(context: Context): Promise<void> {
  const settings = await context.settings()
  const { environment, target, root } = settings
  const file = context.string('file')
  const path =
    file === undefined
      ? resolve(root, 'snapshots', `${environment}.jsonl`)
      : resolve(context.cwd, file)
  const fingerprinter = readFingerprinter(context, settings)
  if (fingerprinter === null) {
    context.output.warn(
      'TIDEGATE_FINGERPRINT_KEY is not set: of secrets only set and empty are told apart',
    )
  }
  const reader = await openSide(settings, target, 'snapshot')
  try {
    const source = await openDatabaseSource(environment, reader, fingerprinter)
    const base = await readAppliedBase(reader, source.catalog)
    if (file === undefined) await mkdir(dirname(path), { recursive: true })
    const facts = await saveSnapshot(path, {
      source,
      named: settings.compareTables,
      withCustomers: context.flag('with-customers'),
      base,
      mask: maskSecrets(fingerprinter),
    })
    report(context, relative(context.cwd, path), facts)
  } finally {
    await reader.close()
  }
}

function report(
  { output }: Context,
  file: string,
  { outcome, tables, bytes }: SnapshotFacts,
): void {
  output.data({ command: 'snapshot save', file, outcome, bytes, tables })
  const rows = tables.map(({ table, rows: count }) => [escapeText(table), String(count)])
  output.text(`${outcome} ${escapeText(file)} (${bytes} bytes)`)
  output.text(renderTable(['table', 'rows'], rows, output))
}

/** What `snapshot verify` does. */
export async function runVerify(context: Context): Promise<void> {
  const file = context.string('file') ?? ''
  const { header, tables } = await readSnapshot(resolve(context.cwd, file), file)
  const counts = [...tables].map(([table, { rows }]) => ({ table, rows: rows.length }))
  context.output.data({ command: 'snapshot verify', file, ...header, tables: counts })
  context.output.text(
    `whole: ${escapeText(header.name)} (${header.dialect}) of ${header.takenAt}, ${counts.length} tables`,
  )
}
