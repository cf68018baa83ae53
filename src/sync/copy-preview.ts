import type { Catalog, DatabaseReader } from '../database/contract.ts'
import { TidegateError } from '../errors.ts'
import { type GatewayVersion, missingCoreTables } from '../gateway/versions.ts'
import { assertEmpty } from './copy.ts'
import { checkCopy, type CopyCheck, countRows, type TableRows } from './copy-check.ts'
import { type CopyScope, expectedCatalog, scopeOf } from './copy-scope.ts'

export interface PreviewInput {
  readonly reader: DatabaseReader
  readonly source: Catalog
  readonly version: GatewayVersion
  /** Null for a file that does not exist yet. */
  readonly target: DatabaseReader | null
  readonly to: { readonly name: string; readonly dialect: DatabaseReader['dialect'] }
  readonly include: readonly string[]
}

export interface CopyPreview extends CopyCheck {
  readonly scope: CopyScope
  /** The gateway's tables are not there yet, so lengths are those that the source declares. */
  readonly makesTables: boolean
}

/**
 * What a copy would do, through readers that cannot write.
 * @throws TidegateError `plan` when the target holds rows, or tables that tidegate cannot make.
 */
export async function previewCopy(input: PreviewInput): Promise<CopyPreview> {
  const { reader, source, target, to, include } = input
  const catalog: Catalog = (await target?.catalog()) ?? new Map()
  const makesTables = missingCoreTables(catalog).length > 0
  if (makesTables) assertMakeable(input, catalog)
  const sides = {
    from: { dialect: reader.dialect, catalog: source },
    to: { dialect: to.dialect, catalog: makesTables ? expectedCatalog(source) : catalog },
  }
  const scope = scopeOf(sides.from, sides.to, include)
  if (target !== null) assertEmpty(to.name, await countAll(target, catalog, scope))
  const check = await reader.snapshot(() => checkCopy(reader, scope))
  return { ...check, scope, makesTables }
}

function assertMakeable({ version, to }: PreviewInput, catalog: Catalog): void {
  const others = [...catalog.keys()].filter((table) => !table.startsWith('tidegate_'))
  if (others.length > 0) {
    throw new TidegateError('not-a-gateway', `${to.name} has tables, and not the gateway's`, {
      nextStep: 'check which database the environment names',
    })
  }
  if (version.family !== 'one-api') return
  throw new TidegateError(
    'plan',
    `${to.name} has no tables, and tidegate does not make one-api's`,
    {
      nextStep: 'start the gateway once with that database, then run the command again',
    },
  )
}

async function countAll(
  target: DatabaseReader,
  catalog: Catalog,
  { tables }: CopyScope,
): Promise<TableRows[]> {
  const counts: TableRows[] = []
  for (const { table } of tables) {
    if (catalog.has(table)) counts.push({ table, rows: await countRows(target, table) })
  }
  return counts
}
