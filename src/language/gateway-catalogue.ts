import { LOGS as EN_LOGS } from './en/logs.ts'
import { PROBE as EN_PROBE } from './en/probe.ts'
import type { LogTexts, ProbeTexts } from './gateway-texts.ts'
import type { Language } from './language.ts'
import { LOGS as ZH_LOGS } from './zh-CN/logs.ts'
import { PROBE as ZH_PROBE } from './zh-CN/probe.ts'

const PROBE: Readonly<Record<Language, ProbeTexts>> = { en: EN_PROBE, 'zh-CN': ZH_PROBE }

const LOGS: Readonly<Record<Language, LogTexts>> = { en: EN_LOGS, 'zh-CN': ZH_LOGS }

/** What a gateway's answer to a probe means. */
export function probeTexts(language: Language): ProbeTexts {
  return PROBE[language]
}

/** What a gateway's log lines mean. */
export function logTexts(language: Language): LogTexts {
  return LOGS[language]
}
