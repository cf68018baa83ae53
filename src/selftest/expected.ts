import type { Finding } from '../diff/finding.ts'
import type { FindingFacts } from './case.ts'

type Row = readonly [table: string, ...key: string[]]

/** A row that both sides have. @param cells as `cellFacts` writes them. */
export function changed(
  row: Row,
  cells: readonly string[],
  values: Partial<FindingFacts> = {},
): FindingFacts {
  return facts('changed', row, { cells, ...values })
}

export function missing(row: Row): FindingFacts {
  return facts('missing', row)
}

export function extra(row: Row): FindingFacts {
  return facts('extra', row)
}

export function duplicate(row: Row): FindingFacts {
  return facts('duplicate', row, { class: 'integrity', side: 'to' })
}

/** @param channel name and type; of abilities without a channel, the id that they name. */
export function staleAbilities(...channel: readonly string[]): FindingFacts {
  return facts('abilities', ['abilities', ...channel], { class: 'integrity', side: 'to' })
}

export function schema(
  row: Row,
  side: Finding['side'],
  severity: Finding['severity'],
): FindingFacts {
  return facts('schema', row, { class: 'schema', side, severity })
}

function facts(
  kind: Finding['kind'],
  [table, ...key]: Row,
  values: Partial<FindingFacts> = {},
): FindingFacts {
  return {
    kind,
    class: 'different',
    severity: 'error',
    table,
    key,
    side: null,
    cells: [],
    ...values,
  }
}
