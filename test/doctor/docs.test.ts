import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { it } from 'node:test'
import { repairsOf } from '../../src/doctor/repair-plan.ts'
import { RULE_IDS, RULES } from '../../src/doctor/rule-table.ts'
import { doctorTexts } from '../../src/language/catalogue.ts'

it('docs/doctor.md lists every rule as it is', async () => {
  const text = await readFile(new URL('../../docs/doctor.md', import.meta.url), 'utf8')
  const rows = [...text.matchAll(/^\| ([A-Z]\d+) +\| (\w+) +\| (.+?) +\| (.*?) *\|$/gm)].map(
    ([, id, severity, title, fix]) => [id, severity, title, fix !== ''],
  )
  const { rules } = doctorTexts('en')
  const wanted = RULE_IDS.map((id) => [
    id,
    RULES[id].severity,
    rules[id].title,
    repairsOf(id).length > 0,
  ])
  const byId = (a: readonly unknown[], b: readonly unknown[]) =>
    String(a[0]) < String(b[0]) ? -1 : 1
  assert.deepEqual(rows.toSorted(byId), wanted.toSorted(byId))
})
