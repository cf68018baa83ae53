import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dumpCatalog } from '../support/catalog.ts'
import { forEachDialect } from '../support/databases.ts'
import { executeRaw } from '../support/raw.ts'

// The dump is what other tests judge migrations by, so it must see everything that it should.
forEachDialect((dialect, create) => {
  test('is the same for the same tables, and blind to our own', async () => {
    const one = await create({ fixture: 'n25' })
    const two = await create({ fixture: 'n25' })
    const dump = await dumpCatalog(one.target)
    assert.match(dump, /channels/)
    assert.equal(await dumpCatalog(two.target), dump)
    await executeRaw(
      two.target,
      `create table tidegate_ledger (name text primary key); insert into channels (id, key) values (1, 'k')`,
    )
    assert.equal(await dumpCatalog(two.target), dump)
  })

  const CHANGES = [
    'create index odd_index on channels (tag)',
    'create table odd_table (a int)',
    'create table tidegatex (a int)',
    'alter table channels add column odd_column text',
    'drop index idx_channels_tag',
    'create view odd_view as select id from channels',
    ...{
      sqlite: ['create trigger odd after insert on channels begin select 1; end'],
      postgres: [
        'alter table channels alter column tag set not null',
        `alter table channels alter column tag set default 'x'`,
        'alter table channels alter column remark type varchar(256)',
        'alter table channels add constraint odd check (id > 0)',
        'alter sequence channels_id_seq increment by 2',
        `create function odd() returns trigger language plpgsql as 'begin return new; end';
         create trigger odd before insert on channels for each row execute function odd()`,
      ],
    }[dialect],
  ]

  test('sees every change', async () => {
    const { target } = await create({ fixture: 'n25' })
    const dumps = [await dumpCatalog(target)]
    for (const change of CHANGES) {
      await executeRaw(target, change)
      dumps.push(await dumpCatalog(target))
      assert.notEqual(dumps.at(-1), dumps.at(-2), change)
    }
  })
})
