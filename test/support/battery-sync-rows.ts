import type { Inserted } from './oracle-state.ts'

/** The rows of the two sides of a synchronisation, for either dialect. */

interface MadeUpChannel {
  readonly id: number
  readonly name: string
  readonly models: string
}

function channel({ id, name, models }: MadeUpChannel): string {
  const abilities = models.split(',').map(
    (model) => `insert into abilities ("group", model, channel_id, enabled, priority, weight)
      values ('default', '${model}', ${id}, true, 0, 0);`,
  )
  return `insert into channels
      (id, type, name, key, models, "group", status, priority, weight, base_url, created_time)
    values (${id}, 1, '${name}', 'sk-test-${id}-0123456789abcdef', '${models}', 'default', 1, 0, 0,
      'https://a.example', 1600000000);
    ${abilities.join('')}`
}

function vendorAndModel(id: number, name: string): string {
  return `insert into vendors (id, name, status, created_time, updated_time)
      values (${id}, '${name}', 1, 1600000000, 1600000000);
    insert into models (id, model_name, vendor_id, status, created_time, updated_time)
      values (${id}, '${name}', ${id}, 1, 1600000000, 1600000000);`
}

/** What the left side has at first: a first run brings it over, so that tidegate owns it. */
export const AGREED = [
  channel({ id: 1, name: 'kept', models: 'gpt-5' }),
  channel({ id: 2, name: 'changed', models: 'gpt-5,mini' }),
  channel({ id: 3, name: 'gone', models: 'mini' }),
  vendorAndModel(1, 'old'),
  `insert into options (key, value) values ('Footer', 'one'), ('ModelRatio', '{"gpt-5":1}');`,
].join('\n')

/** What the right side has, and the left one never had. */
export const OTHERS = channel({ id: 50, name: 'other', models: 'own' })

/** What happens to the left side then: rows that are new, changed and deleted. */
export const CHANGES = [
  channel({ id: 4, name: 'new', models: 'gpt-5,mini' }),
  vendorAndModel(2, 'new'),
  `update channels set models = 'gpt-5,large', priority = 7 where id = 2;
  update abilities set priority = 7 where channel_id = 2;
  update abilities set model = 'large' where channel_id = 2 and model = 'mini';
  delete from abilities where channel_id = 3;
  delete from channels where id = 3;
  update options set value = 'two' where key = 'Footer';
  insert into options (key, value) values ('Notice', 'hello');`,
].join('\n')

/** Of which the right side gets new rows, with ids of its own. */
export const NEW_ROWS: Inserted = { channels: ['new'], vendors: ['new'], models: ['new'] }
