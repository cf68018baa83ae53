import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Diagnosis } from '../../../src/doctor/diagnosis.ts'
import { RULE_IDS, RULES } from '../../../src/doctor/rule-table.ts'
import { LANGUAGES } from '../../../src/language/language.ts'
import { renderDoctorJson } from '../../../src/report/doctor/json.ts'
import {
  bigDiagnosis,
  diagnosis,
  finding,
  healthyDiagnosis,
  incidentDiagnosis,
  refusedDiagnosis,
  servedDiagnosis,
} from '../../support/diagnosis.ts'

const PATH = join(import.meta.dirname, '../../../docs/schemas/doctor-report.v1.schema.json')

const schema = JSON.parse(await readFile(PATH, 'utf8')) as object
const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema)

const sample = { dns: null, tcp: 1.5, tls: null, authentication: 2, query: 1, total: 4.5 }

const MEASURED = diagnosis({
  findings: RULE_IDS.map((rule) => finding({ rule })),
  gateway: null,
  connection: { samples: [sample], medianMs: 4.5, median: sample },
  pool: {
    maxIdle: 50,
    maxOpen: null,
    maxLifetimeSeconds: 60,
    serverMax: 100,
    serverReserved: 3,
    inUse: 12,
    inUseHere: 2,
  },
})

const CASES: readonly (readonly [string, Diagnosis])[] = [
  ['healthy', healthyDiagnosis()],
  ['incident', incidentDiagnosis()],
  ['refused', refusedDiagnosis()],
  ['served', servedDiagnosis()],
  ['big', bigDiagnosis()],
  ['every rule, measured', MEASURED],
]

type Document = { readonly findings: readonly Record<string, unknown>[] } & Record<string, unknown>

describe('the JSON report', () => {
  for (const [name, one] of CASES) {
    it(`${name}: is the diagnosis, and follows the published schema`, () => {
      const document = JSON.parse(renderDoctorJson(one, 'en')) as Document
      assert.ok(validate(document), JSON.stringify(validate.errors, null, 2))
      const added = new Set(['title', 'message', 'advice', 'source'])
      const findings = document.findings.map((finding) =>
        Object.fromEntries(Object.entries(finding).filter(([name]) => !added.has(name))),
      )
      const head = { $schema: 'urn:tidegate:doctor-report:v1', language: 'en' }
      assert.deepEqual({ ...document, findings }, { ...head, ...(one as object) })
    })
  }

  it('the schema notices what is not of it', () => {
    const document = JSON.parse(renderDoctorJson(MEASURED, 'en')) as Document
    const [first] = document.findings
    for (const wrong of [
      { ...document, more: 1 },
      { ...document, schemaVersion: 2 },
      { ...document, findings: [{ ...first, rule: 'Z9' }] },
      { ...document, findings: [{ ...first, message: null }] },
      { ...document, takenAt: 'yesterday' },
    ]) {
      assert.equal(validate(wrong), false)
    }
  })

  for (const language of LANGUAGES) {
    it(`every finding speaks ${language}, with its facts filled in, and says who decides`, () => {
      const document = JSON.parse(renderDoctorJson(MEASURED, language)) as Document
      for (const { rule, title, message, advice, source } of document.findings) {
        for (const text of [title, message, advice] as string[]) {
          assert.equal(/\p{Script=Han}/u.test(text), language === 'zh-CN', text)
          assert.doesNotMatch(text, /\{\w+\}/)
        }
        assert.equal(source, RULES[rule as keyof typeof RULES].source)
      }
    })
  }
})
