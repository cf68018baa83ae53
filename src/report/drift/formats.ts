import type { DriftReport } from '../../diff/drift-report.ts'
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

/** What `text` and `markdown` take; the others have no options. */
export interface DriftOptions extends TextOptions, MarkdownOptions {}

type Renderer = (report: DriftReport, options: DriftOptions) => Promise<string>

/** Only the format that is asked for is loaded. */
const RENDERERS: Readonly<Record<DriftFormat, Renderer>> = {
  text: async (report, options) => (await import('./text.ts')).renderDriftText(report, options),
  json: async (report) => (await import('./json.ts')).renderDriftJson(report),
  jsonl: async (report) => (await import('./jsonl.ts')).renderDriftJsonl(report),
  markdown: async (report, options) =>
    (await import('./markdown.ts')).renderDriftMarkdown(report, options),
  html: async (report) => (await import('./html.ts')).renderDriftHtml(report),
  sarif: async (report) => (await import('./sarif.ts')).renderDriftSarif(report),
  junit: async (report) => (await import('./junit.ts')).renderDriftJunit(report),
  github: async (report) => (await import('./github.ts')).githubAnnotations(report).join('\n'),
}

/** The report in one format, without a line end after the last line. */
export function renderDrift(
  format: DriftFormat,
  report: DriftReport,
  options: DriftOptions,
): Promise<string> {
  return RENDERERS[format](report, options)
}
