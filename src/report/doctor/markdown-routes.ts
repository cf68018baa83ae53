import type { ListItem, RootContent } from 'mdast'
import type { Diagnosis } from '../../doctor/diagnosis.ts'
import type { DoctorTexts } from '../../language/catalogue.ts'
import type { DoctorWords } from '../../language/doctor-words.ts'
import {
  bullets,
  code,
  item,
  paragraph,
  phrasing,
  strong,
  table,
  text,
} from '../drift/markdown-tree.ts'
import { named } from '../phrase.ts'
import { type DrawnStage, type Drawing, drawingsOf } from './drawings.ts'
import { groupPhrase, modeNames } from './names.ts'
import { counted } from './sentences.ts'
import { SIGNS } from './signs.ts'
import { listPhrases, type RouteTable, routeTables } from './tables.ts'

/** Larger tables are not read as tables. */
const COLUMNS = 8
const ROWS = 40

/** Routes that a narrowed run asks for one by one, else what is not served as tables. */
export function routeSections(diagnosis: Diagnosis, texts: DoctorTexts): RootContent[] {
  const drawings = drawingsOf(diagnosis, texts)
  if (drawings !== null) return drawings.flatMap(drawingSection)
  return routeTables(diagnosis, texts.ui).flatMap((one) => tableSection(one, diagnosis, texts.ui))
}

function drawingSection({ title, stages }: Drawing): RootContent[] {
  return [paragraph(strong(...phrasing(title))), bullets(stages.map(stageItem))]
}

function stageItem({ state, name, value, reasons, tiers }: DrawnStage): ListItem {
  const gap = value.length === 0 ? '' : ' '
  const line = paragraph(...phrasing([`${SIGNS[state]} ${name}${gap}`, ...value]))
  const details = [
    ...reasons.map((reason) => item(paragraph(...phrasing(reason)))),
    ...tiers.map(({ title, channels }) => {
      const list = bullets(channels.map((channel) => item(paragraph(...phrasing(channel)))))
      const head = paragraph(...phrasing(title))
      return channels.length === 0 ? item(head) : item(head, list)
    }),
  ]
  return details.length === 0 ? item(line) : item(line, bullets(details))
}

function tableSection(one: RouteTable, { modes }: Diagnosis, words: DoctorWords): RootContent[] {
  const { headings, verdict } = words
  const title = `${headings.routes}${verdict.colon}${modeNames(one.modes, modes, words)}`
  return [paragraph(strong(text(title))), tableContent(one, words)]
}

function tableContent(one: RouteTable, words: DoctorWords): RootContent {
  const { rows, models, pairs } = one
  if (rows.length === 0) return paragraph(...phrasing(counted(words.verdict.allServed, pairs)))
  if (models.length > COLUMNS || rows.length > ROWS) {
    return bullets(listPhrases(one, words).map((phrase) => item(paragraph(...phrasing(phrase)))))
  }
  return table([
    [[text(words.headings.group)], ...models.map((model) => [code(named(model))])],
    ...rows.map(({ group, cells }) => [
      phrasing(groupPhrase(group, words)),
      ...cells.map((sign) => [text(sign)]),
    ]),
  ])
}
