import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { LANGUAGES } from '../../../src/language/language.ts'
import { DOCTOR_FORMATS, renderDoctor } from '../../../src/report/doctor/formats.ts'
import { incidentDiagnosis } from '../../support/diagnosis.ts'

describe('a format of the doctor by its name', () => {
  const STARTS: Readonly<Record<(typeof DOCTOR_FORMATS)[number], RegExp>> = {
    text: /^1 (?:critical|个严重问题)/,
    json: /^\{\n {2}"\$schema"/,
    markdown: /^\*\*1 (?:critical|个严重问题)/,
    html: /^<!doctype html>/i,
  }
  for (const format of DOCTOR_FORMATS) {
    it(format, async () => {
      for (const language of LANGUAGES) {
        const options = { language, width: 80, colors: false }
        const text = await renderDoctor(format, incidentDiagnosis(), options)
        assert.match(text, STARTS[format])
        assert.equal(text.includes('渠道的分组'), language === 'zh-CN')
        if (format !== 'html') assert.ok(!text.endsWith('\n'))
      }
    })
  }
})
