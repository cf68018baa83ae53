import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Catalog } from '../../src/database/contract.ts'
import { command, sqlText } from '../../src/doctor/commands.ts'

const DEPLOYED: Catalog = new Map([['tidegate_journal', new Map()]])
const NEW: Catalog = new Map()

describe('commands that repair', () => {
  for (const [catalog, words, expected] of [
    [DEPLOYED, 'doctor --fix A6', 'tidegate doctor --fix A6 --env prod-eu'],
    [DEPLOYED, 'seed apply', 'tidegate seed apply --env prod-eu'],
    [NEW, 'seed apply', 'tidegate deploy --env prod-eu'],
    [NEW, 'seed apply --adopt a=8', 'tidegate deploy --adopt a=8 --env prod-eu'],
    [
      NEW,
      'doctor --fix A6',
      'tidegate migrate up --env prod-eu && tidegate doctor --fix A6 --env prod-eu',
    ],
  ] as const) {
    it(`${words} ${catalog === NEW ? 'where tidegate never wrote' : 'where it wrote'}`, () => {
      assert.deepEqual(command({ environment: 'prod-eu', catalog }, words), {
        kind: 'command',
        command: expected,
      })
    })
  }

  it('an environment is one word of the shell, a value one of SQL', () => {
    const made = command({ environment: "a'b c", catalog: DEPLOYED }, 'seed apply')
    assert.deepEqual(made, {
      kind: 'command',
      command: String.raw`tidegate seed apply --env 'a'\''b c'`,
    })
    assert.equal(sqlText("o'x"), "'o''x'")
  })
})
