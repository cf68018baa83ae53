import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { commandOn, ownProject, reportOf } from './command.ts'
import { forBothDirections, outlines } from './world.ts'

const NAMES = ['pending', 'drift', 'conflict', 'converged', 'same', 'deleted', 'removed', 'list']

/** What the seed needs to be complete. */
const KEYS = { ONE_KEY: 'sk-test-seeded-key' }

/** A seed that says otherwise by a variable: a file is loaded once in a process. */
const SEED = `
  const names = ${JSON.stringify(NAMES)}
  const said = Object.fromEntries([...names, 'fresh'].map((name) =>
    [name, { kind: 'text', variable: name.toUpperCase(), default: 'base' }]))
  export default {
    description: 'made up',
    inputs: { key: { kind: 'secret', variable: 'ONE_KEY' }, ...said },
    rows: ({ key, ...remarks }) => ({
      channels: (remarks.fresh === 'base' ? names : [...names, 'fresh']).map((id) => ({
        id, type: 1, name: id, key, remark: remarks[id],
        models: { include: [id + '-1', id + '-2'] }, group: ['default'],
      })),
      options: [{ key: 'ModelRatio', merge: { a: 1, b: 1 }, otherwise: {} }],
    }),
  }`

const DECLARED_OTHERWISE = {
  ...KEYS,
  PENDING: 'left',
  CONFLICT: 'left',
  CONVERGED: 'both',
  FRESH: 'new',
}

const remark = (name: string, value: string): string =>
  `update channels set remark = '${value}' where name = '${name}';`

const remove = (name: string): string =>
  `delete from abilities where channel_id in (select id from channels where name = '${name}');
  delete from channels where name = '${name}';`

const OWN_TABLES = ['ledger', 'runs', 'journal', 'seeds', 'base']

forBothDirections('n26', (pair) => {
  const project = ownProject()
  const run = commandOn(pair, project)

  const apply = async (environment: string): Promise<void> => {
    const { code, stderr } = await run(`deploy --no-doctor --env ${environment}`, KEYS)
    assert.equal(code, 0, stderr)
  }

  beforeEach(async () => {
    await pair.execute(OWN_TABLES.map((name) => `drop table if exists tidegate_${name};`).join(' '))
    await project.write('seeds/one.ts', SEED)
    await apply('production')
    await apply('local')
  })

  /** What both sides do after the seed was applied to both. */
  const edit = async (): Promise<void> => {
    await pair.from.execute(`
      ${remark('pending', 'left')} ${remark('conflict', 'left')} ${remark('converged', 'both')}
      ${remove('removed')}`)
    await pair.to.execute(`
      ${remark('drift', 'right')} ${remark('conflict', 'right')} ${remark('converged', 'both')}
      ${remove('deleted')}
      update channels set test_model = 'x' where name = 'same';
      update channels set "key" = 'sk-test-rotated' where name = 'same';
      insert into channels (id, type, name, "key", status, models, "group")
        values (900, 1, 'unmanaged', 'sk-test-x', 2, 'm', 'default');
      insert into abilities ("group", model, channel_id, enabled) values ('default', 'm', 900, false);
      update options set value = '{"a":7,"b":1,"c":5}' where "key" = 'ModelRatio'`)
  }

  describe('two databases', () => {
    it('agree after the seeds were applied to both', async () => {
      const report = await reportOf(run, 'drift', KEYS)
      assert.deepEqual(outlines(report), [])
      assert.equal(report.base.kind, 'applied')
    })

    it('are told apart by what was last applied', async () => {
      await edit()
      const report = await reportOf(run, 'drift', KEYS)
      assert.deepEqual(outlines(report), [
        'changed conflict channels conflict|1: remark',
        'changed drift channels drift|1: remark',
        'changed drift options ModelRatio: value.a value.c',
        'changed pending channels pending|1: remark',
        'changed unmanaged channels same|1: key test_model',
        'extra pending channels removed|1',
        'extra unmanaged channels unmanaged|1',
        'missing drift channels deleted|1',
      ])
      assert.equal(report.verdict.converged, 1)
      assert.doesNotMatch(JSON.stringify(report), /sk-test/)
    })

    it('are told apart by a snapshot of what they were', async () => {
      const saved = await run('snapshot save base.jsonl --env production')
      assert.equal(saved.code, 0, saved.stderr)
      await edit()
      const report = await reportOf(run, 'drift --base ./base.jsonl')
      assert.equal(report.base.kind, 'snapshot')
      const same = report.findings.find(({ key }) => key[0] === 'same')!
      assert.deepEqual(Object.fromEntries(same.cells.map((cell) => [cell.column, cell.class])), {
        key: 'drift',
        test_model: 'drift',
      })
      assert.deepEqual(outlines(report), [
        'changed conflict channels conflict|1: remark',
        'changed drift channels drift|1: remark',
        'changed drift channels same|1: key test_model',
        'changed drift options ModelRatio: value.a value.c',
        'changed pending channels pending|1: remark',
        'extra pending channels removed|1',
        'extra unmanaged channels unmanaged|1',
        'missing drift channels deleted|1',
      ])
      assert.equal(report.verdict.converged, 1)
    })

    it('are only different with --base none', async () => {
      await edit()
      const report = await reportOf(run, 'drift --base none')
      const classes = new Set(report.findings.map((finding) => finding.class))
      assert.deepEqual([...classes], ['different'])
      assert.equal(report.findings.length, 8)
    })
  })

  describe('seeds with a database', () => {
    it('agree after they were applied, whatever else is there', async () => {
      await pair.to.execute(`
        insert into channels (id, type, name, "key", status, models, "group")
          values (900, 1, 'unmanaged', 'sk-test-x', 2, 'm', 'default');
        update channels set test_model = 'x' where name = 'same';
        update options set value = '{"z":1,"b":1,"a":1}' where "key" = 'ModelRatio'`)
      const report = await reportOf(run, 'drift --from seeds', KEYS)
      assert.deepEqual(outlines(report), [])
      assert.equal(report.verdict.status, 'clean')
    })

    it('are told apart by what was last applied', async () => {
      await edit()
      await pair.to.execute(`update channels set models = 'list-1,more' where name = 'list'`)
      const report = await reportOf(run, 'drift --from seeds', DECLARED_OTHERWISE)
      assert.deepEqual(outlines(report), [
        'abilities integrity abilities list|1 of to',
        'changed conflict channels conflict|1: remark',
        'changed drift channels drift|1: remark',
        'changed drift channels list|1: models',
        'changed drift options ModelRatio: value.a',
        'changed pending channels pending|1: remark',
        'changed unmanaged channels same|1: key',
        'missing drift channels deleted|1',
        'missing pending channels fresh|1',
      ])
      assert.equal(report.verdict.converged, 1)
      const list = report.findings.find(({ key }) => key[0] === 'list' && key.length === 2)!
      assert.deepEqual(list.cells[0]?.removed, ['list-2'])
      assert.doesNotMatch(JSON.stringify(report), /sk-test/)
    })

    it('need no variable that is not set: what depends on it is left out', async () => {
      await edit()
      const report = await reportOf(run, 'drift --from seeds')
      assert.notEqual(report.verdict.status, 'incomplete')
      assert.deepEqual(outlines(report), [
        'changed drift channels conflict|1: remark',
        'changed drift channels converged|1: remark',
        'changed drift channels drift|1: remark',
        'changed drift options ModelRatio: value.a',
        'missing drift channels deleted|1',
      ])
    })

    it('leave out a row that cannot be told, and say so', async () => {
      await pair.to.execute(`
        update channels set name = 'x', type = 2 where name = 'same';
        update channels set models = 'same-1' where name = 'list';
        update channels set models = 'same-1' where name = 'removed';
        ${remark('drift', 'right')}`)
      const report = await reportOf(run, 'drift --from seeds', KEYS)
      assert.equal(report.verdict.status, 'incomplete')
      const faults = report.tables.filter(({ status }) => status === 'incomplete')
      assert.deepEqual(
        faults.map(({ table }) => table),
        ['seed one: same'],
      )
      assert.match(faults[0]?.reason ?? '', /2 channels could be it/)
      assert.ok(outlines(report).includes('changed drift channels drift|1: remark'))
    })
  })
})
