import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DRIFT_FORMATS, renderDrift } from '../../../src/report/drift/formats.ts'
import { driftReport } from '../../support/drift-report.ts'

describe('a format by its name', () => {
  const STARTS: Readonly<Record<(typeof DRIFT_FORMATS)[number], RegExp>> = {
    text: /^Drift: /,
    json: /^\{\n {2}"\$schema"/,
    jsonl: /^\{"type":"header"/,
    markdown: /^<!-- tidegate:drift/,
    html: /^<!doctype html>/i,
    sarif: /"version": "2\.1\.0"/,
    junit: /^<\?xml .*\n<testsuites /,
    github: /^::error file=/,
  }
  for (const format of DRIFT_FORMATS) {
    it(format, async () => {
      const text = await renderDrift(format, driftReport(), { width: 80, colors: false })
      assert.match(text, STARTS[format])
      if (format !== 'html') assert.ok(!text.endsWith('\n'))
    })
  }
})
