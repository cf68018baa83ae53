import type { DriftTexts } from './drift-texts.ts'
import { drift as en } from './en/drift.ts'
import type { Language } from './language.ts'
import { drift as zhCN } from './zh-CN/drift.ts'

const TEXTS: Readonly<Record<Language, DriftTexts>> = { en, 'zh-CN': zhCN }

export function driftTexts(language: Language): DriftTexts {
  return TEXTS[language]
}
