import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { insertText } from '../seed/world.ts'
import { DIFFERENCES } from './differences.ts'
import { comparePair, forBothDirections, outlines, type Pair } from './world.ts'

async function insertAll({ from, to }: Pair): Promise<void> {
  const rows = Object.values(DIFFERENCES).flatMap((one) => one.rows)
  for (const side of [from, to]) {
    const texts = rows.map(([table, cells]) => insertText(side.dialect, table, cells))
    await side.execute(`begin; ${texts.join('\n')} commit;`)
  }
}

const CHANGES = Object.values(DIFFERENCES).map(({ change }) => change)

function expected(side: 'from' | 'to'): string[] {
  return Object.values(DIFFERENCES)
    .flatMap((one) => one.found)
    .map((line) =>
      line.replace('SIDE', side).replace('ONLY-OTHER', side === 'to' ? 'missing' : 'extra'),
    )
    .toSorted()
}

/** Every secret of the rows begins like this, or like the token of some settings. */
const SECRETS = /sk-test|sktest|made-up-\d/

forBothDirections('zeo', (pair) => {
  describe('what one side has otherwise', () => {
    it('is nothing before anything is changed', async () => {
      await insertAll(pair)
      assert.deepEqual(outlines(await comparePair(pair)), [])
    })

    for (const side of ['from', 'to'] as const) {
      it(`is found where ${side} was changed, once each, and shows no secret`, async () => {
        await insertAll(pair)
        await pair[side].execute(CHANGES.join(';\n'))
        const report = await comparePair(pair)
        assert.deepEqual(outlines(report), expected(side))
        assert.doesNotMatch(JSON.stringify(report), SECRETS)
        assert.equal(report.secrets.compared, 'fingerprint')
        assert.equal(report.secrets.unknown, 0)
      })
    }

    it('is of secrets only that they are set, without a key', async () => {
      await insertAll(pair)
      await pair.to.execute(CHANGES.join(';\n'))
      const report = await comparePair(pair, { fingerprintKey: null })
      const secret = /: (?:key|setting|base_url|settings)$|SMTPToken|channels remark/
      const rest = expected('to').filter((line) => !secret.test(line) || line.includes('emptied'))
      assert.deepEqual(outlines(report), rest)
      assert.doesNotMatch(JSON.stringify(report), SECRETS)
      assert.equal(report.secrets.compared, 'state')
      assert.ok(report.secrets.unknown > 0)
    })
  })
})
