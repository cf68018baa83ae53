import type { Settings } from '../config/settings.ts'
import type { UnresolvedFinding } from '../diff/build-finding.ts'
import type { DriftReport } from '../diff/drift-report.ts'
import { FAIL_LEVELS, type FailLevel } from '../diff/finding.ts'
import { readAccepted } from '../drift/accepted-file.ts'
import type { Base } from '../drift/base.ts'
import { compareSeeds } from '../drift/compare-seeds.ts'
import { compareSources } from '../drift/compare.ts'
import type { DriftOptions } from '../drift/report.ts'
import { seededDatabase, seededSnapshot } from '../drift/seed-world.ts'
import { TidegateError } from '../errors.ts'
import { type DeclaredCell, declareSeeds, type DeclaredSeed } from '../seed/declare.ts'
import { loadSeeds } from '../seed/files.ts'
import { type LocateSeed, locateSeeds } from '../seed/locate.ts'
import type { Fingerprinter } from '../snapshot/fingerprint.ts'
import { maskSecrets } from '../snapshot/mask.ts'
import type { Context } from './context.ts'
import {
  findBase,
  loadFile,
  openLeft,
  openRows,
  type Run,
  readPulled,
  sharedFingerprinter,
} from './drift-sides.ts'
import { resolveSide, type RowSide, type Side } from './sides.ts'
import { VERSION } from './version.ts'

export interface Comparison {
  readonly report: DriftReport
  readonly settings: Settings
  /** The environment that the right side is, or that it is a snapshot of. */
  readonly environment: string
}

/** What `drift` and `accept` compare, by their flags. */
export async function runComparison(context: Context): Promise<Comparison> {
  const settings = await context.settings()
  const to = resolveSide(context, settings, context.string('to') ?? 'production')
  const from = resolveSide(context, settings, context.string('from') ?? 'local')
  if (to.kind === 'seeds') {
    throw new TidegateError('usage', 'seeds can only be the left side', {
      nextStep: 'write --from seeds --to ENVIRONMENT',
    })
  }
  const run: Run = { context, settings, readers: [] }
  try {
    return await compare(run, from, to)
  } finally {
    await Promise.all(run.readers.map((reader) => reader.close()))
  }
}

async function compare(run: Run, from: Side, to: RowSide): Promise<Comparison> {
  const { context, settings } = run
  const files = await Promise.all([from, to].map(loadFile))
  const fingerprinter = sharedFingerprinter(context, settings, files)
  const right = await openRows(run, to, files[1] ?? null, fingerprinter)
  const environment = files[1]?.header.name ?? to.name
  const pulled = await readPulled(run, from, environment)
  const base = await findBase(run, right, pulled, fingerprinter)
  const seeds = await loadDeclared(context, settings, environment)
  const options = await driftOptions(run, { base, fingerprinter, seeds, environment })
  if (from.kind === 'seeds') {
    const { reader, source, snapshot } = right
    const side =
      reader === null
        ? seededSnapshot(source, snapshot!, fingerprinter)
        : await reader.snapshot(() => seededDatabase(source, reader, seeds.declared, fingerprinter))
    const report = compareSeeds(seedFacts(settings), seeds.declared, side, options)
    return { report, settings, environment }
  }
  const left = await openLeft(run, from, files[0] ?? null, fingerprinter)
  const report = await compareSources(left, right.source, options)
  return { report, settings, environment }
}

interface Declared {
  readonly declared: readonly DeclaredSeed[]
  readonly locate: LocateSeed
}

/**
 * The seeds that apply in the right side's environment. What depends on a variable that is not set
 * is left out: a pull request has no keys.
 */
async function loadDeclared(
  { output }: Context,
  { seedsFolder, variables, root }: Settings,
  environment: string,
): Promise<Declared> {
  const files = await loadSeeds(seedsFolder, environment)
  const declared = declareSeeds(files, variables, root, 'leave-out')
  output.redactor.add(declared.flatMap(({ secrets }) => secrets))
  return { declared, locate: await locateSeeds(files, root) }
}

async function driftOptions(
  { context, settings }: Run,
  {
    base,
    fingerprinter,
    seeds,
    environment,
  }: {
    base: Base | null
    fingerprinter: Fingerprinter | null
    seeds: Declared
    environment: string
  },
): Promise<DriftOptions> {
  return {
    base,
    named: settings.compareTables,
    accepted: await readAccepted(settings.acceptedFile, settings.root),
    environment,
    failOn: failLevel(context),
    maxFindings: findingLimit(context),
    mask: maskSecrets(fingerprinter),
    toolVersion: VERSION,
    commands: context.commands,
    ...declarations(seeds),
    onTable: (table) => context.output.detail(`comparing ${table} …`),
  }
}

/** What the seeds say about the row of a finding, which they know by its name or key. */
function declarations({ declared, locate }: Declared): Pick<DriftOptions, 'locate' | 'isEnsured'> {
  const rows = new Map<string, DeclaredRow>()
  for (const { name: seed, channels, options } of declared) {
    for (const { id, name, cells } of channels) {
      const isEnsured = (column: string) => isWritten(cells.get(column))
      rows.set(JSON.stringify(['channels', name]), { seed, rowKey: `channels:${id}`, isEnsured })
    }
    for (const option of options) {
      const isEnsured = () => option.kind === 'merge' || isWritten(option.cell)
      const { key } = option
      rows.set(JSON.stringify(['options', key]), { seed, rowKey: `options:${key}`, isEnsured })
    }
  }
  const rowOf = ({ table, key }: UnresolvedFinding): DeclaredRow | undefined => {
    const place = table === 'abilities' ? 'channels' : table
    return rows.get(JSON.stringify([place, key[0] ?? '']))
  }
  return {
    locate: (finding) => {
      const row = rowOf(finding)
      const column = finding.cells[0]?.column ?? null
      return row === undefined ? null : locate(row.seed, row.rowKey, column)
    },
    isEnsured: (finding) => {
      const row = rowOf(finding)
      if (row === undefined) return false
      if (finding.kind !== 'changed') return true
      return finding.cells.some(({ column }) => row.isEnsured(column))
    },
  }
}

interface DeclaredRow {
  readonly seed: string
  readonly rowKey: string
  /** Whether a run of the seed writes this column of an existing row. */
  readonly isEnsured: (column: string) => boolean
}

function isWritten(cell: DeclaredCell | undefined): boolean {
  if (cell === undefined || cell.policy === 'initial') return false
  return cell.policy !== 'secret' || cell.when === 'ensure'
}

function findingLimit(context: Context): number {
  const limit = context.number('max-findings') ?? 10_000
  if (Number.isSafeInteger(limit) && limit >= 0) return limit
  throw new TidegateError('usage', '--max-findings is no whole number', {
    nextStep: 'for example: --max-findings 500',
  })
}

function failLevel(context: Context): FailLevel {
  const level = context.string('fail-on')
  return FAIL_LEVELS.find((one) => one === level) ?? 'warning'
}

function seedFacts({ root, seedsFolder }: Settings): DriftReport['from'] {
  const label = seedsFolder.startsWith(root) ? seedsFolder.slice(root.length + 1) : seedsFolder
  const takenAt = new Date().toISOString()
  return { name: 'seeds', kind: 'seeds', dialect: null, label, gateway: null, takenAt }
}
