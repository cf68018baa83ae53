import stringWidth from 'string-width'
import type { Diagnosis } from '../../doctor/diagnosis.ts'
import type { DoctorTexts } from '../../language/catalogue.ts'
import type { TextLine } from '../drift/text-lines.ts'
import { shorten } from '../escape.ts'
import { plainText } from '../phrase.ts'
import { renderTable } from '../table.ts'
import { groupPhrase, modeNames } from './names.ts'
import { counted } from './sentences.ts'
import { listPhrases, type RouteTable, routeTables } from './tables.ts'
import type { Terminal } from './text-paint.ts'

/** Wider tables are not read as tables. */
const WIDEST = 120

/** Characters of a name in a table. */
const NAME_LIMIT = 32

/** For each cache mode the pairs that are not served as they should be. */
export function tableBlocks(
  diagnosis: Diagnosis,
  texts: DoctorTexts,
  { width, paint }: Terminal,
): TextLine[][] {
  return routeTables(diagnosis, texts.ui).map((table) => {
    const { headings, verdict } = texts.ui
    const modes = modeNames(table.modes, diagnosis.modes, texts.ui)
    const title = {
      indent: 0,
      text: `${headings.routes}${verdict.colon}${modes}`,
      paint: paint.bold,
    }
    return [title, ...tableLines(table, texts, Math.min(width, WIDEST) - 2)]
  })
}

function tableLines(table: RouteTable, texts: DoctorTexts, width: number): TextLine[] {
  const { ui } = texts
  if (table.rows.length === 0) {
    return [{ indent: 2, text: plainText(counted(ui.verdict.allServed, table.pairs)) }]
  }
  const head = [ui.headings.group, ...table.models.map((model) => shorten(model, NAME_LIMIT))]
  const rows = table.rows.map(({ group, cells }) => [
    shorten(plainText(groupPhrase(group, ui)), NAME_LIMIT),
    ...cells,
  ])
  if (widthOf([head, ...rows]) > width) {
    return listPhrases(table, ui).map((phrase) => ({
      indent: 2,
      hang: 2,
      text: plainText(phrase),
    }))
  }
  return renderTable(head, rows, { width: Number.POSITIVE_INFINITY })
    .split('\n')
    .map((text) => ({ indent: 2, text, whole: true }))
}

/** Terminal columns that the table takes. */
function widthOf(rows: readonly (readonly string[])[]): number {
  const columns = rows[0]!.map((_, column) =>
    Math.max(...rows.map((row) => stringWidth(row[column]!))),
  )
  return columns.reduce((sum, width) => sum + width + 2, -2)
}
