import type { Diagnosis } from '../../doctor/diagnosis.ts'
import type { Language } from '../../language/language.ts'
import type { TextOptions } from './text.ts'

export const DOCTOR_FORMATS = ['text', 'json', 'markdown', 'html'] as const

export type DoctorFormat = (typeof DOCTOR_FORMATS)[number]

/** What only `text` takes is there for all: the caller need not know. */
export interface DoctorOptions extends TextOptions {
  readonly language: Language
}

type Renderer = (diagnosis: Diagnosis, options: DoctorOptions) => Promise<string>

/** Only the format that is asked for is loaded. */
const RENDERERS: Readonly<Record<DoctorFormat, Renderer>> = {
  text: async (diagnosis, options) =>
    (await import('./text.ts')).renderDoctorText(diagnosis, options.language, options),
  json: async (diagnosis, { language }) =>
    (await import('./json.ts')).renderDoctorJson(diagnosis, language),
  markdown: async (diagnosis, { language }) =>
    (await import('./markdown.ts')).renderDoctorMarkdown(diagnosis, language),
  html: async (diagnosis, { language }) => {
    const { renderDoctorHtml } = await import('./html.ts')
    const { doctorTexts } = await import('../../language/catalogue.ts')
    return renderDoctorHtml(diagnosis, doctorTexts(language), language)
  },
}

/** The diagnosis in one format; only HTML has a line end after the last line. */
export function renderDoctor(
  format: DoctorFormat,
  diagnosis: Diagnosis,
  options: DoctorOptions,
): Promise<string> {
  return RENDERERS[format](diagnosis, options)
}
