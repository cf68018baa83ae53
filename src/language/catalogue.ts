import type { CheckId } from '../doctor/diagnosis.ts'
import type { RuleId } from '../doctor/rule-table.ts'
import type { RuleTexts } from './doctor-texts.ts'
import type { DoctorWords } from './doctor-words.ts'
import { ACCESS_RULES as EN_ACCESS } from './en/access-rules.ts'
import { CHANNEL_RULES as EN_CHANNEL } from './en/channel-rules.ts'
import { CHECK_TEXTS as EN_CHECKS } from './en/checks.ts'
import { DOCTOR as EN_WORDS } from './en/doctor.ts'
import type { Language } from './language.ts'
import { ACCESS_RULES as ZH_ACCESS } from './zh-CN/access-rules.ts'
import { CHANNEL_RULES as ZH_CHANNEL } from './zh-CN/channel-rules.ts'
import { CHECK_TEXTS as ZH_CHECKS } from './zh-CN/checks.ts'
import { DOCTOR as ZH_WORDS } from './zh-CN/doctor.ts'

/** Everything that the doctor says in one language. */
export interface DoctorTexts {
  readonly rules: Readonly<Record<RuleId, RuleTexts>>
  readonly checks: Readonly<Record<CheckId, CheckTexts>>
  readonly ui: DoctorWords
}

/** One question of the guide, and its answers; `{name}` stands for a fact of the check. */
export interface CheckTexts {
  readonly title: string
  readonly ok: string
  readonly failed: string
  readonly info: string
}

const TEXTS: Readonly<Record<Language, DoctorTexts>> = {
  en: { rules: { ...EN_ACCESS, ...EN_CHANNEL }, checks: EN_CHECKS, ui: EN_WORDS },
  'zh-CN': { rules: { ...ZH_ACCESS, ...ZH_CHANNEL }, checks: ZH_CHECKS, ui: ZH_WORDS },
}

export function doctorTexts(language: Language): DoctorTexts {
  return TEXTS[language]
}
