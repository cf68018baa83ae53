import type { Diagnosis, Facts } from '../../doctor/diagnosis.ts'
import { RULES } from '../../doctor/rule-table.ts'
import { doctorTexts } from '../../language/catalogue.ts'
import type { Language } from '../../language/language.ts'
import { fill } from '../../language/template.ts'
import { escapeJson } from '../escape.ts'

/** The whole diagnosis as one document, each finding with its sentences in the language. */
export function renderDoctorJson(diagnosis: Diagnosis, language: Language): string {
  const { rules } = doctorTexts(language)
  const findings = diagnosis.findings.map((finding) => {
    const { title, explanation, advice } = rules[finding.rule]
    const { source } = RULES[finding.rule]
    const message = plain(explanation, finding.facts)
    return { ...finding, title, message, advice: plain(advice, finding.facts), source }
  })
  const $schema = 'urn:tidegate:doctor-report:v1'
  return escapeJson(JSON.stringify({ $schema, language, ...diagnosis, findings }, null, 2))
}

function plain(template: string, facts: Facts): string {
  return fill(template, facts)
    .map((part) => (typeof part === 'string' ? part : part.data))
    .join('')
}
