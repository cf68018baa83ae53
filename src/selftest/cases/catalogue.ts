import { difference } from '../case.ts'
import { changed, extra, missing } from '../expected.ts'

/** What customers are offered, and the customers themselves. */
export const CATALOGUE_CASES = [
  difference(
    'model tags',
    [`update models set tags = 'text' where id = 1`],
    [changed(['models', 'gpt-4o'], ['tags -vision'])],
  ),
  difference(
    'model of another vendor',
    ['update models set vendor_id = 1 where id = 2'],
    [changed(['models', 'runway'], ['vendor'])],
  ),
  difference(
    'model softly deleted',
    [`update models set deleted_at = '2026-01-02 03:04:05+00:00' where id = 2`],
    [missing(['models', 'runway'])],
  ),
  difference(
    'vendor icon',
    [`update vendors set icon = 'other' where id = 1`],
    [changed(['vendors', 'OpenAI'], ['icon'])],
  ),
  difference(
    'vendor renamed, which its models show',
    [`update vendors set name = 'Runway ML' where id = 2`],
    [
      missing(['vendors', 'Runway']),
      extra(['vendors', 'Runway ML']),
      changed(['models', 'runway'], ['vendor']),
    ],
  ),
  difference(
    'prefill group items',
    [`update prefill_groups set items = '["runway"]' where id = 1`],
    [changed(['prefill_groups', 'video'], ['items'])],
  ),
  difference(
    'user group',
    [`update users set "group" = 'default' where id = 2`],
    [changed(['users', 'acme'], ['group'])],
  ),
  difference(
    'user deleted',
    ['delete from users where id = 1', 'delete from tokens where user_id = 1'],
    [missing(['users', 'root']), missing(['tokens', 'root', 'default'])],
  ),
  difference(
    'token group',
    [`update tokens set "group" = '' where id = 2`],
    [changed(['tokens', 'acme', 'production'], ['group'])],
  ),
  difference(
    'token key',
    [`update tokens set "key" = 'sk-test-other' where id = 2`],
    [changed(['tokens', 'acme', 'production'], ['key'])],
  ),
  difference(
    'token softly deleted',
    [`update tokens set deleted_at = '2026-01-02 03:04:05+00:00' where id = 2`],
    [missing(['tokens', 'acme', 'production'])],
  ),
]
