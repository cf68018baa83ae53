import stringWidth from 'string-width'
import type { Diagnosis } from '../../doctor/diagnosis.ts'
import type { DoctorTexts } from '../../language/catalogue.ts'
import type { TextLine } from '../drift/text-lines.ts'
import { plainText } from '../phrase.ts'
import { type DrawnStage, type Drawing, drawingsOf } from './drawings.ts'
import { SIGNS } from './signs.ts'
import { tableBlocks } from './text-tables.ts'
import type { Colors, Paint, Terminal } from './text-paint.ts'

/** Routes that a narrowed run asks for one by one, else what is not served as tables. */
export function routeBlocks(
  diagnosis: Diagnosis,
  texts: DoctorTexts,
  terminal: Terminal,
): TextLine[][] {
  const drawings = drawingsOf(diagnosis, texts)
  if (drawings === null) return tableBlocks(diagnosis, texts, terminal)
  return drawings.map((one) => drawingLines(one, terminal.paint))
}

function drawingLines({ title, stages }: Drawing, paint: Colors): TextLine[] {
  const widest = Math.max(...stages.map(({ name }) => stringWidth(name)))
  return [
    { indent: 0, text: plainText(title), paint: paint.bold },
    ...stages.flatMap((stage) => stageLines(stage, widest, paint)),
  ]
}

function stageLines(stage: DrawnStage, widest: number, paint: Colors): TextLine[] {
  const { state, name, value, reasons, tiers } = stage
  const { green, yellow, red, dim } = paint
  const color: Paint = { passed: green, weak: yellow, broken: red, unreached: dim }[state]
  const gap = ' '.repeat(widest - stringWidth(name) + 2)
  const text = `${SIGNS[state]} ${name}${gap}${plainText(value)}`.trimEnd()
  return [
    { indent: 2, hang: 4, text, paint: color },
    ...reasons.map((reason) => ({ indent: 6, text: plainText(reason), paint: color })),
    ...tiers.flatMap(({ title, channels }) => [
      { indent: 4, text: plainText(title) },
      ...channels.map((channel) => ({ indent: 6, hang: 2, text: plainText(channel) })),
    ]),
  ]
}
