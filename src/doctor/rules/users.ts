import type { Rule } from '../world.ts'
import { accessFinding, tokenEvidence, userEvidence } from './access-finding.ts'

/** The user does not exist or is disabled. */
export const U1: Rule = (world) => {
  const orphans = world.tokens.filter(({ userId }) => !world.users.has(userId ?? ''))
  const disabled = [...world.users.values()].filter(({ status }) => status !== '1')
  return accessFinding(world, 'U1', {
    rows: [...disabled, ...orphans],
    evidence: (row) =>
      'userId' in row
        ? tokenEvidence(row, { user_id: row.userId })
        : userEvidence(row, { status: row.status }),
    facts: { missing: String(orphans.length), disabled: String(disabled.length) },
    statement: (row) =>
      'userId' in row ? null : `update users set status = 1 where id = ${row.id}`,
    otherwise: 'warning',
  })
}

/** The user has no quota left. */
export const U2: Rule = (world) => {
  const users = [...world.users.values()].filter(({ quota }) => Number(quota ?? 0) <= 0)
  return accessFinding(world, 'U2', {
    rows: users,
    evidence: (user) => userEvidence(user, { quota: user.quota }),
    facts: { users: String(users.length) },
    otherwise: 'info',
  })
}
