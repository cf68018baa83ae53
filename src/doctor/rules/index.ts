import type { RuleId } from '../rule-table.ts'
import type { Rule } from '../world.ts'
import * as abilities from './abilities.ts'
import * as values from './channel-values.ts'
import * as channels from './channels.ts'
import * as declared from './declared.ts'
import * as groups from './groups.ts'
import * as options from './options.ts'
import * as prices from './prices.ts'
import * as server from './server.ts'
import * as storage from './storage.ts'
import * as tokens from './tokens.ts'
import * as users from './users.ts'

/** Every rule under its id. */
export const ALL_RULES: Readonly<Record<RuleId, Rule>> = {
  ...abilities,
  ...values,
  ...channels,
  ...declared,
  ...groups,
  ...options,
  ...prices,
  ...server,
  ...storage,
  ...tokens,
  ...users,
}
