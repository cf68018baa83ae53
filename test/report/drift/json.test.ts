import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { DriftReport } from '../../../src/diff/drift-report.ts'
import { renderDriftJson } from '../../../src/report/drift/json.ts'
import { renderDriftJsonl } from '../../../src/report/drift/jsonl.ts'
import { cellFinding, driftReport, finding, table } from '../../support/drift-report.ts'
import { hostileReports } from './hostile-reports.ts'

const PATH = join(import.meta.dirname, '../../../docs/schemas/drift-report.v1.schema.json')

const schema = JSON.parse(await readFile(PATH, 'utf8')) as object
const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema)

const { base: _, ...withoutBase } = cellFinding({ path: 'gpt-5', from: null, present: 'to' })

const FULL = driftReport(
  [
    finding(),
    finding({ cells: [withoutBase], location: null, side: 'to', kind: 'abilities' }),
    finding({ acceptance: { reason: '', owner: 'ops', expires: '2026-12-31' }, key: [] }),
  ],
  {
    base: { kind: 'none', label: null },
    secrets: { compared: 'state', keyId: null, unknown: 1 },
    tables: [table('a', { way: null, from: null, status: 'absent', reason: 'no table' })],
  },
)

describe('the schema of the report', () => {
  it('takes every report', () => {
    const accepted = finding({ acceptance: { reason: '', owner: '', expires: '2026-12-31' } })
    const [hostile] = hostileReports(1_000, 3)
    const plain = {
      ...hostile!,
      findings: hostile!.findings.map((one) => ({ ...one, acceptance: null })),
    }
    for (const report of [driftReport(), driftReport([]), FULL, driftReport([accepted]), plain]) {
      validate(JSON.parse(renderDriftJson(report)))
      assert.deepEqual(validate.errors, null)
    }
  })

  it('takes no object without one of its members, or with one more', () => {
    let objects = 0
    for (const path of objectPaths(FULL)) {
      objects += 1
      const extra = changed(path, (object) => Object.assign(object, { unexpected: 1 }))
      assert.equal(validate(extra), false, `${path}/unexpected`)
      for (const member of Object.keys(at(structuredClone(FULL), path))) {
        if (isOptionalBase(path, member)) continue
        const less = changed(path, (object) => delete object[member])
        assert.equal(validate(less), false, `${path}/${member} is missing`)
      }
    }
    assert.ok(objects > 15)
  })

  it('takes no member of another type', () => {
    for (const path of objectPaths(FULL)) {
      for (const member of Object.keys(at(structuredClone(FULL), path))) {
        const other = changed(path, (object) => (object[member] = [{}]))
        assert.equal(validate(other), false, `${path}/${member}`)
      }
    }
  })

  const MUTATIONS: readonly (readonly [string, string, string, unknown])[] = [
    ['another version', '', 'version', 2],
    ['an unknown class', '/findings/0', 'class', 'surprise'],
    ['an identifier of another form', '/findings/0', 'id', '0123456789AB'],
    ['a pin without its kind', '/findings/0/cells/0', 'pin', '0123'],
    ['a line before the first', '/findings/0/location', 'line', 0],
    ['a negative count', '/verdict/counts', 'drift', -1],
    ['a local time', '', 'createdAt', '2026-11-22T20:00:00+01:00'],
    ['a whole fingerprint key', '/secrets', 'keyId', '1a2b3c4d5e6f'],
  ]
  for (const [name, path, member, value] of MUTATIONS) {
    it(`takes no report with ${name}`, () => {
      assert.equal(validate(changed(path, (object) => (object[member] = value))), false)
    })
  }

  it('is the one that the report names', () => {
    assert.equal((schema as { $id: string }).$id, driftReport().$schema)
  })
})

describe('JSON lines', () => {
  it('begin with the header, end with the verdict', () => {
    const lines = renderDriftJsonl(FULL)
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    const { findings, verdict, ...header } = FULL
    assert.deepEqual(lines, [
      { type: 'header', ...header },
      ...findings.map((one) => ({ type: 'finding', ...one })),
      { type: 'verdict', ...verdict },
    ])
  })
})

type Members = Record<string, unknown>

function isOptionalBase(path: string, member: string): boolean {
  return member === 'base' && path.includes('/cells/')
}

function objectPaths(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.entries(value).flatMap(([key, one]) => objectPaths(one, `${path}/${key}`))
  return Array.isArray(value) ? inner : [path, ...inner]
}

function at(report: DriftReport, path: string): Members {
  const steps = path.split('/').slice(1)
  return steps.reduce((value: unknown, step) => (value as Members)[step], report) as Members
}

function changed(path: string, change: (object: Members) => unknown): DriftReport {
  const copy = structuredClone(FULL)
  change(at(copy, path))
  return copy
}
