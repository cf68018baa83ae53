import assert from 'node:assert/strict'
import type { Diagnosis } from '../../../src/doctor/diagnosis.ts'
import type { Language } from '../../../src/language/language.ts'
import { renderDoctorText } from '../../../src/report/doctor/text.ts'

export function linesOf(
  one: Diagnosis,
  language: Language = 'en',
  width = Number.POSITIVE_INFINITY,
): string[] {
  return renderDoctorText(one, language, { width, colors: false }).split('\n')
}

/** The block that starts with a line: up to the next empty one. */
export function blockOf(lines: readonly string[], first: string): readonly string[] {
  const start = lines.indexOf(first)
  assert.notEqual(start, -1, `${first}\n\n${lines.join('\n')}`)
  const end = lines.indexOf('', start)
  return lines.slice(start + 1, end === -1 ? lines.length : end)
}
