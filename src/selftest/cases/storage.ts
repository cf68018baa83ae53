import { difference } from '../case.ts'
import { changed, staleAbilities } from '../expected.ts'

const ON_SQLITE = { dialects: ['sqlite'] } as const

/** What SQLite takes and the gateway cannot read. */
export const STORAGE_CASES = [
  difference(
    'JSON stored as text',
    ['update channels set channel_info = cast(channel_info as text) where id = 3'],
    [changed(['channels', 'Claude spare', '14'], ['channel_info'])],
    ON_SQLITE,
  ),
  difference(
    'default JSON stored as text',
    ['update channels set channel_info = cast(channel_info as text) where id = 1'],
    [changed(['channels', 'Team OpenAI', '1'], ['channel_info'])],
    ON_SQLITE,
  ),
  difference(
    'number stored as text',
    [`update channels set auto_ban = 'yes' where id = 1`],
    [changed(['channels', 'Team OpenAI', '1'], ['auto_ban'])],
    ON_SQLITE,
  ),
  difference(
    'number stored as bytes',
    [`update channels set auto_ban = x'31' where id = 1`],
    [changed(['channels', 'Team OpenAI', '1'], ['auto_ban'])],
    ON_SQLITE,
  ),
  difference(
    'key padded with blanks, by which nobody finds it',
    [`update tokens set "key" = "key" || '   ' where id = 2`],
    [changed(['tokens', 'acme', 'production'], ['key'])],
    ON_SQLITE,
  ),
  difference(
    'boolean stored as text',
    [`update abilities set enabled = 'true' where channel_id = 2`],
    [staleAbilities('Bltcy旧网关', '55')],
    ON_SQLITE,
  ),
]
