import type { DriftReport } from '../../diff/drift-report.ts'
import type { Language } from '../../language/language.ts'
import type { MarkdownOptions } from './markdown.ts'
import type { TextOptions } from './text.ts'

export const DRIFT_FORMATS = [
  'text',
  'json',
  'jsonl',
  'markdown',
  'html',
  'sarif',
  'junit',
  'github',
] as const

export type DriftFormat = (typeof DRIFT_FORMATS)[number]

/** All formats take the language, `text` and `markdown` the rest. */
export interface DriftOptions extends TextOptions, MarkdownOptions {}

type Renderer = (
  report: DriftReport,
  options: DriftOptions & { readonly language: Language },
) => Promise<string>

/** Only the format that is asked for is loaded. */
const RENDERERS: Readonly<Record<DriftFormat, Renderer>> = {
  text: async (report, options) => (await import('./text.ts')).renderDriftText(report, options),
  json: async (report) => (await import('./json.ts')).renderDriftJson(report),
  jsonl: async (report) => (await import('./jsonl.ts')).renderDriftJsonl(report),
  markdown: async (report, options) =>
    (await import('./markdown.ts')).renderDriftMarkdown(report, options),
  html: async (report, { language }) =>
    (await import('./html.ts')).renderDriftHtml(report, language),
  sarif: async (report, { language }) =>
    (await import('./sarif.ts')).renderDriftSarif(report, language),
  junit: async (report, { language }) =>
    (await import('./junit.ts')).renderDriftJunit(report, language),
  github: async (report, { language }) =>
    (await import('./github.ts')).githubAnnotations(report, language).join('\n'),
}

/**
 * The report in one format, without a line end after the last line. Its sentences are in a language
 * already: those of a finding are data here.
 */
export function renderDrift(
  format: DriftFormat,
  report: DriftReport,
  options: DriftOptions,
): Promise<string> {
  const { language = 'en' } = options
  return RENDERERS[format](report, { ...options, language })
}
