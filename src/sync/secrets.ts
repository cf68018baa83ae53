import type { Plan, PlanItem, SecretUse } from '../apply/plan.ts'
import { type SecretReference, SecretValues } from '../apply/secrets.ts'
import type { Catalog, DatabaseReader } from '../database/contract.ts'
import { type CellChange, type Change, insertChange, updateChange } from '../diff/change.ts'
import { compareSecrets, isEmptySecret } from '../diff/secret-cells.ts'
import { ConfigError, type ConfigFault, TidegateError } from '../errors.ts'
import { placeholderFor } from '../gateway/placeholder.ts'
import { hideSecrets } from '../gateway/secret-scan.ts'
import { Secret } from '../secret.ts'
import type { Fingerprinter } from '../snapshot/fingerprint.ts'
import type { Cell } from '../snapshot/model.ts'
import { readSourceSecrets, type SecretPlace } from './source-secrets.ts'

/** A secret that was read, or why it was not. */
export type SecretReading =
  | { readonly secret: Secret; readonly warnings: readonly string[] }
  | { readonly fault: ConfigFault }

export interface ReferenceInput {
  /** The secret that a variable holds, or the file that its _FILE names; null when neither is set. */
  readonly readSecret: (variable: string) => SecretReading | null
  readonly readFile: (path: string) => SecretReading
  /** The left side, and its catalog; null where the plan has no secret of it. */
  readonly source: Pick<DatabaseReader, 'read'> | null
  readonly sourceCatalog: Catalog | null
}

interface ReferredCell extends SecretPlace {
  readonly reference: SecretReference
}

export interface LoadedSecrets {
  readonly values: SecretValues
  /** For the redactor. */
  readonly secrets: readonly Secret[]
  readonly warnings: readonly string[]
}

/**
 * Where secrets come from, by `TABLE/NAME` or `TABLE/NAME/COLUMN`: of the flags, each
 * `TABLE/NAME=env:VARIABLE` or `TABLE/NAME=file:PATH`, and of the configuration, which they beat.
 * @throws TidegateError `usage`; it never says what stands for the secret, because that may be one.
 */
export function parseReferences(
  flags: readonly string[],
  config: Readonly<Record<string, string>>,
): ReadonlyMap<string, SecretReference> {
  const named = Object.entries(config).map(([row, text]) =>
    parseEntry(row, text, `\`secrets\` of the configuration, ${quoted(row)}`),
  )
  const flagged = flags.map((flag, index) => {
    // A name may hold the same words, so the last ones count.
    const [, row = '', text = ''] = /^(.*)=((?:env|file):.*)$/s.exec(flag) ?? []
    return parseEntry(row, text, `--secret, number ${index + 1}`)
  })
  return new Map([...named, ...flagged])
}

function parseEntry(row: string, text: string, place: string): [string, SecretReference] {
  const reference = parseReference(text)
  if (reference !== null && /^\w+\/./s.test(row)) return [row, reference]
  throw new TidegateError('usage', `${place}: does not say where the secret of a row comes from`, {
    nextStep:
      'write TABLE/NAME=env:VARIABLE or TABLE/NAME=file:PATH; the secret itself is never an argument',
  })
}

function parseReference(text: string): SecretReference | null {
  const [, kind, value = ''] = /^(env|file):(.+)$/.exec(text) ?? []
  if (hideSecrets(value) !== value) return null
  if (kind === 'file') return { kind, path: value }
  return kind === 'env' && /^[A-Za-z_]\w*$/.test(value) ? { kind, name: value } : null
}

function quoted(text: string): string {
  return JSON.stringify(hideSecrets(text))
}

/**
 * The values of every secret that a plan writes. What variables and files say is read first.
 * @throws ConfigError naming every variable and file that is missing or wrong, TidegateError
 *   `plan` when the left side has not exactly one such row.
 */
export async function loadReferences(plan: Plan, input: ReferenceInput): Promise<LoadedSecrets> {
  const cells = secretCells(plan)
  const loaded = loadNamed(cells, input)
  const { source, sourceCatalog } = input
  const wanted = cells.filter(({ reference }) => reference.kind === 'source')
  const found = await readSourceSecrets(source, sourceCatalog, wanted)
  for (const [index, { table, key, column }] of wanted.entries()) {
    loaded.values.set(table, key, column, found[index]!)
  }
  return { ...loaded, secrets: [...loaded.secrets, ...found] }
}

/** Everything that needs no database. */
function loadNamed(cells: readonly ReferredCell[], input: ReferenceInput): LoadedSecrets {
  const values = new SecretValues()
  const secrets: Secret[] = []
  const warnings = new Set<string>()
  const faults = new Map<string, ConfigFault>()
  for (const cell of cells) {
    const reading = read(cell, input)
    if (reading === null) continue
    if ('fault' in reading) {
      const { source, problem } = reading.fault
      faults.set(`${source}\n${problem}`, {
        source: hideSecrets(source),
        problem: hideSecrets(problem),
      })
      continue
    }
    values.set(cell.table, cell.key, cell.column, reading.secret)
    if (cell.reference.kind !== 'placeholder') secrets.push(reading.secret)
    for (const warning of reading.warnings) warnings.add(warning)
  }
  if (faults.size === 0) return { values, secrets, warnings: [...warnings] }
  const nextStep = 'set the variables, in the environment or in .env; nothing was written'
  throw new ConfigError([...faults.values()], nextStep)
}

/** Null where the value is not read here, or stays as it is. */
function read(
  { table, key, column, reference }: ReferredCell,
  { readSecret, readFile }: ReferenceInput,
): SecretReading | null {
  if (reference.kind === 'file') return readFile(reference.path)
  if (reference.kind === 'placeholder') {
    const text = placeholderFor(table, JSON.parse(key) as Cell[])
    return { secret: new Secret(text), warnings: [] }
  }
  if (reference.kind !== 'env') return null
  const { name } = reference
  const problem = `is not set; ${table}.${column} comes from it, or from ${name}_FILE, a file that holds it`
  return readSecret(name) ?? { fault: { source: name, problem } }
}

function secretCells({ items }: Plan): ReferredCell[] {
  return items.flatMap(({ changes, secrets }) =>
    changes.flatMap((change) => {
      if (change.kind !== 'insert' && change.kind !== 'update') return []
      const { table, key, cells } = change
      return cells.flatMap(({ column, secret }) => {
        const reference = secret ? referenceOf(secrets, column) : undefined
        return reference === undefined ? [] : { table, key, column, reference }
      })
    }),
  )
}

function referenceOf(uses: readonly SecretUse[], column: string): SecretReference | undefined {
  return uses.find((use) => use.column === column)?.reference
}

/**
 * The plan with fingerprints in the place of `set` for the values that were loaded, and without
 * what is there already. `fingerprinter` is the one of its `keyId`; without one nothing can be told.
 */
export function withFingerprints(
  plan: Plan,
  values: SecretValues,
  fingerprinter: Fingerprinter,
): Plan {
  if (plan.keyId === null) return plan
  return {
    ...plan,
    items: plan.items.flatMap((item) => fingerprinted(item, values, fingerprinter)),
  }
}

function fingerprinted(
  item: PlanItem,
  values: SecretValues,
  fingerprinter: Fingerprinter,
): PlanItem[] {
  const changes = item.changes.flatMap((change): Change[] => {
    if (change.kind !== 'insert' && change.kind !== 'update') return [change]
    const { table, key } = change
    const cells = change.cells.flatMap((cell): CellChange[] => {
      if (!isLoaded(item, cell)) return [cell]
      const value = values.reveal(table, key, cell.column)
      const after = fingerprinter.of(table, cell.column, value)
      return compareSecrets(cell.before, after) === 'equal' ? [] : [{ ...cell, after }]
    })
    const left =
      change.kind === 'insert'
        ? insertChange(table, key, cells)
        : updateChange(table, key, change.locator, cells)
    return left === null ? [] : [left]
  })
  const [first, ...others] = changes
  if (first === undefined) return []
  const written = new Set(changes.flatMap(columnsOf))
  const secrets = item.secrets.filter(
    ({ column, reference }) => reference.kind === 'keep' || written.has(column),
  )
  return [{ ...item, changes: [first, ...others], secrets }]
}

function isLoaded({ secrets }: PlanItem, { column, secret, after }: CellChange): boolean {
  const kind = referenceOf(secrets, column)?.kind ?? 'keep'
  return secret && !isEmptySecret(after) && kind !== 'keep'
}

function columnsOf(change: Change): readonly string[] {
  return change.kind === 'rebuild' ? [] : change.cells.map(({ column }) => column)
}
