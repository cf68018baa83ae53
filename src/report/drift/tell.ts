import type { DriftReport } from '../../diff/drift-report.ts'
import type { Finding } from '../../diff/finding.ts'
import { rowLabel } from '../../diff/messages.ts'
import { driftTexts } from '../../language/drift.ts'
import type { Language } from '../../language/language.ts'
import { Translator } from '../../language/sentences.ts'

/**
 * The report with its sentences in a language. They are stored in English, which identifies what
 * was accepted and lets a report be read in any language later; one that no template fits stays.
 */
export function tellReport(report: DriftReport, language: Language): DriftReport {
  const { sentences } = driftTexts(language)
  if (sentences.length === 0) return report
  const translator = new Translator(sentences)
  const tell = (text: string): string => translator.translate(text)
  const { base, tables, findings } = report
  return {
    ...report,
    base:
      base.kind === 'applied' && base.label !== null ? { ...base, label: tell(base.label) } : base,
    tables: tables.map(({ reason, way, ...facts }) => ({
      ...facts,
      reason: reason === null ? null : tell(reason),
      way: way === null ? null : { ...way, reason: tell(way.reason) },
    })),
    findings: findings.map((finding) => tellFinding(finding, report, translator)),
  }
}

function tellFinding(finding: Finding, { from, to }: DriftReport, translator: Translator): Finding {
  const { message, resolutions, acceptance, kind, side, table, key } = finding
  const names = { from: from.name, to: to.name }
  const known = {
    ...names,
    row: rowLabel(kind === 'abilities' ? 'channels' : table, key),
    ...(side === null ? {} : { side: names[side], other: names[side === 'from' ? 'to' : 'from'] }),
    ...(kind === 'acceptance' ? acceptance : {}),
  }
  return {
    ...finding,
    message: translator.translate(message, known),
    resolutions: resolutions.map(({ command, effect }) => ({
      command,
      effect: translator.translate(effect, known),
    })),
  }
}
