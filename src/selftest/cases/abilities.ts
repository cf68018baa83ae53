import { difference } from '../case.ts'
import { changed, staleAbilities } from '../expected.ts'

const OF_RUNWAY = `where channel_id = 2 and model = 'runway'`

export const ABILITY_CASES = [
  difference(
    'ability missing',
    [`delete from abilities ${OF_RUNWAY}`],
    [staleAbilities('Bltcy旧网关', '55')],
  ),
  difference(
    'abilities of a channel missing',
    ['delete from abilities where channel_id = 2'],
    [staleAbilities('Bltcy旧网关', '55')],
  ),
  difference(
    'ability too many',
    [
      `insert into abilities ("group", model, channel_id, enabled, priority, weight)
       values ('default', 'suno', 2, true, 0, 0)`,
    ],
    [staleAbilities('Bltcy旧网关', '55')],
  ),
  difference(
    'ability disabled',
    [`update abilities set enabled = false ${OF_RUNWAY}`],
    [staleAbilities('Bltcy旧网关', '55')],
  ),
  difference(
    'ability priority',
    [`update abilities set priority = 7 ${OF_RUNWAY}`],
    [staleAbilities('Bltcy旧网关', '55')],
  ),
  difference(
    'ability tag',
    [`update abilities set tag = 'other' ${OF_RUNWAY}`],
    [staleAbilities('Bltcy旧网关', '55')],
  ),
  difference(
    'ability without a channel',
    [
      `insert into abilities ("group", model, channel_id, enabled, priority, weight)
       values ('default', 'runway', 99, true, 0, 0)`,
    ],
    [staleAbilities('99')],
  ),
  difference(
    'ability price of the fork',
    [`update abilities set workflow_price = 70 ${OF_RUNWAY}`],
    [changed(['abilities', 'Bltcy旧网关', '55', 'default', 'runway'], ['workflow_price'])],
    { gateway: 'bltcy-fork' },
  ),
]
