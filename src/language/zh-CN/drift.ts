import type { DriftTexts } from '../drift-texts.ts'
import { driftPage } from './drift-page.ts'
import { driftReport } from './drift-report.ts'
import { driftSentences } from './drift-sentences.ts'

export const drift: DriftTexts = {
  report: driftReport,
  page: driftPage,
  sentences: driftSentences,
}
