import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { beforeEach, describe, it } from 'node:test'
import type { Finding } from '../../src/diff/finding.ts'
import { createHash } from 'node:crypto'
import { commandOn, ownProject, reportOf } from '../drift/command.ts'
import { gatewayRows } from '../drift/gateway-rows.ts'
import { forBothDirections, outlines, type Pair } from '../drift/world.ts'
import { insertText } from '../seed/world.ts'

async function fill({ from, to }: Pair): Promise<void> {
  for (const side of [from, to]) {
    const texts = gatewayRows(side.dialect).map(([table, cells]) =>
      insertText(
        side.dialect,
        table,
        // Only a fork has it.
        Object.fromEntries(Object.entries(cells).filter(([name]) => name !== 'channel_ratio')),
      ),
    )
    await side.execute(`begin; ${texts.join('\n')} commit;`)
  }
}

const SEED = `export default { description: 'made up',
  inputs: { key: { kind: 'secret', variable: 'ONE_KEY' } },
  rows: ({ key }) => ({
    channels: [
      { id: 'one', type: 1, name: 'with abilities', key, models: ['gpt-4o', 'o3'], group: ['default', 'vip'], remark: 'r' },
      { id: 'two', type: 40, name: 'not there', key, models: ['x'], group: ['default'] },
    ],
    options: [{ key: 'Footer', value: 'other' }, { key: 'ModelRatio', merge: { a: 7 } }],
  }) }`

const FILE = 'snapshots/production.jsonl'

forBothDirections('n26', (pair) => {
  const project = ownProject()
  const run = commandOn(pair, project)
  const read = () => readFile(project.path(FILE), 'utf8')
  const save = async (flags = ''): Promise<string> => {
    const { code, stdout, stderr } = await run(`snapshot save --env production ${flags}`)
    assert.equal(code, 0, stderr)
    return stdout
  }
  beforeEach(() => fill(pair))

  describe('a snapshot', () => {
    it('stands for its database: nothing differs, from either side', async () => {
      await save('--with-customers')
      for (const line of [
        `--to ${FILE}`,
        `--from ${FILE} --to local`,
        `--from production --to ${FILE}`,
      ]) {
        const report = await reportOf(run, `drift ${line}`)
        assert.deepEqual(outlines(report), [], line)
        assert.equal(report.verdict.status, 'clean')
        assert.ok(report.tables.every(({ status }) => status === 'complete'))
        assert.equal(report.secrets.compared, 'fingerprint')
      }
      assert.doesNotMatch(await read(), /sk-test|sktest/)
    })

    it('says what differs as its database does', async () => {
      await pair.to.execute(`
        update channels set remark = 'r', "key" = 'sk-test-other' where name = 'Zz';
        delete from abilities where model = 'o3';
        update models set tags = 'a, b' where model_name = 'gpt-4o';
        update options set value = '{"a":100,"b":2}' where "key" = 'ModelRatio'`)
      await save('--with-customers')
      const live = await reportOf(run, 'drift')
      const fromFile = await reportOf(run, `drift --to ${FILE}`)
      assert.equal(live.findings.length, 4)
      assert.deepEqual(fromFile.findings.map(withoutWords), live.findings.map(withoutWords))
    })

    it('leaves customers out unless they are asked for', async () => {
      await save()
      assert.doesNotMatch(await read(), /"ann"/)
      const report = await reportOf(run, `drift --to ${FILE}`)
      const absent = report.tables.filter(({ status }) => status === 'absent')
      assert.deepEqual(
        absent.map(({ table, reason }) => [table, reason]),
        ['users', 'tokens'].map((table) => [table, 'the snapshot does not hold this table']),
      )
      assert.equal(report.verdict.status, 'clean')
      await save('--with-customers')
      assert.match(await read(), /"ann"/)
    })

    it('is the same file again, to the byte, though time has passed', async () => {
      await save()
      const first = await read()
      assert.match(await save(), /^unchanged /)
      assert.equal(await read(), first)
    })

    it('differs in one line, and its last, when one row was changed', async () => {
      await save()
      const first = (await read()).split('\n')
      await pair.to.execute(`update channels set remark = 'r' where name = 'Zz'`)
      assert.match(await save(), /^written /)
      const second = (await read()).split('\n')
      assert.equal(second.length, first.length)
      const changed = second.filter((line, index) => line !== first[index])
      assert.deepEqual(
        changed.map((line) => Object.keys(JSON.parse(line) as object)[0]),
        ['tidegate', 'row', 'end'],
      )
    })

    it('is to seeds what its database is', async () => {
      await project.write('seeds/one.ts', SEED)
      const env = { ONE_KEY: 'sk-test-declared' }
      await pair.to.execute("delete from abilities where model = 'o3'")
      await save()
      const live = await reportOf(run, 'drift --from seeds', env)
      const fromFile = await reportOf(run, `drift --from seeds --to ${FILE}`, env)
      assert.deepEqual(outlines(live), [
        'abilities integrity abilities with abilities|1 of to',
        'changed different channels with abilities|1: key remark',
        'changed different options Footer: value',
        'changed different options ModelRatio: value.a',
        'missing different channels not there|40',
      ])
      assert.deepEqual(fromFile.findings.map(withoutWords), live.findings.map(withoutWords))
      assert.doesNotMatch(JSON.stringify(fromFile), /sk-test/)
    })

    it('of another key says only whether secrets are set', async () => {
      await save()
      await pair.from.execute(`update channels set "key" = 'sk-test-other' where name = 'Zz';
        update channels set "key" = '' where name = 'é'`)
      const others = { TIDEGATE_FINGERPRINT_KEY: 'another-made-up-key-0123456789abcdef' }
      for (const env of [others, { TIDEGATE_FINGERPRINT_KEY: undefined }]) {
        const { stderr } = await run(`drift --to ${FILE}`, env)
        const report = await reportOf(run, `drift --to ${FILE}`, env)
        assert.deepEqual(outlines(report), ['changed different channels é|4: key'])
        assert.equal(report.secrets.compared, 'state')
        assert.equal(/another fingerprint key/.test(stderr), env === others)
      }
    })
  })

  describe('a file that is not as it was written', () => {
    const refused = async (text: string, expected: RegExp): Promise<void> => {
      await project.write('broken.jsonl', text)
      for (const line of [
        'drift --to broken.jsonl',
        'drift --base broken.jsonl',
        'snapshot verify broken.jsonl',
      ]) {
        const { code, stdout, stderr } = await run(line)
        assert.equal(code, 1, line)
        assert.equal(stdout, '')
        assert.match(stderr, expected)
      }
    }
    const resealed = (lines: readonly string[]): string => {
      const body = lines.map((line) => `${line}\n`).join('')
      const rows = lines.filter((line) => line.startsWith('{"row"')).length
      const sha256 = createHash('sha256').update(body).digest('hex')
      return `${body}${JSON.stringify({ end: 'snapshot', rows, sha256 })}\n`
    }

    it('is refused when it ends early, wherever', async () => {
      await save()
      const lines = (await read()).split('\n')
      for (const part of [0, 0.1, 0.5, 0.9, 1]) {
        const end = Math.round(part * (lines.length - 2))
        await refused(
          lines
            .slice(0, end)
            .map((line) => `${line}\n`)
            .join(''),
          /broken\.jsonl (?:ends|is|was)/,
        )
        await refused(
          lines.slice(0, end).join('\n') + '{"row":{"na',
          /broken\.jsonl (?:ends|is|was)/,
        )
      }
    })

    it('is refused when it was changed', async () => {
      await save()
      const text = await read()
      const lines = text.split('\n')
      const rows = lines.flatMap((line, index) => (line.startsWith('{"row"') ? [index] : []))
      const swapped = [...lines]
      ;[swapped[rows[0]!], swapped[rows[1]!]] = [swapped[rows[1]!]!, swapped[rows[0]!]!]
      await refused(text.replace('gpt-4o', 'gpt-4x'), /was changed after it was written/)
      await refused(swapped.join('\n'), /was changed after it was written/)
      await refused(text.replace(lines[rows[0]!]!, `${lines[rows[0]!]!} `), /was changed/)
      await refused(`${text}{"row":{}}\n`, /is no snapshot|was changed|damaged/)
      await refused(text.replaceAll('\n', '\r\n'), /broken\.jsonl/)
      await refused('', /ends early/)
      await refused('\u0000\u0001', /ends early or is damaged/)
    })

    it('is refused when its checksum is right and its content is not', async () => {
      await save()
      const lines = (await read()).split('\n').slice(0, -2)
      const with0 = (text: string) => resealed([text, ...lines.slice(1)])
      await refused(with0(lines[0]!.replace('"version":1', '"version":2')), /is of another version/)
      await refused(with0('{"a":1}'), /is no snapshot in line 1/)
      await refused(resealed([lines[0]!, '{"row":{}}', ...lines.slice(1)]), /a row outside a table/)
      await refused(resealed([...lines, '{"table":1}']), /is no snapshot in line/)
    })
  })
})

/** What findings of two comparisons share whatever their sides are called. */
function withoutWords({ message: _message, resolutions: _resolutions, ...rest }: Finding) {
  return rest
}
