/** How bad a finding is: `critical` ends the gateway's process, `error` refuses requests. */
export const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const

export type Severity = (typeof SEVERITIES)[number]

interface RuleFacts {
  /** The worst that it can be. */
  readonly severity: Severity
  /** Where the gateway decides it; null for what the database server or tidegate decides. */
  readonly source: string | null
}

/**
 * Every rule in the order in which its finding would be the cause of others: the connection, what is
 * declared, the whole process, the token, its user, its group, options, channels, abilities, price.
 */
export const RULES = {
  N1: { severity: 'warning', source: null },
  N2: { severity: 'warning', source: null },
  N3: { severity: 'warning', source: null },
  B1: { severity: 'error', source: null },
  B2: { severity: 'error', source: null },
  B3: { severity: 'error', source: null },
  C2: { severity: 'error', source: 'new-api model/channel_cache.go:41-55' },
  A6: { severity: 'critical', source: 'new-api model/channel_cache.go:45-52' },
  T1: { severity: 'error', source: 'new-api middleware/auth.go:217-231' },
  T2: { severity: 'error', source: 'new-api model/token.go:80-89' },
  T3: { severity: 'error', source: 'new-api model/token.go:90' },
  T4: { severity: 'error', source: 'new-api model/token.go:100' },
  T5: { severity: 'warning', source: 'new-api model/token.go:37-57' },
  T6: { severity: 'error', source: 'new-api middleware/distributor.go:57-73' },
  T7: { severity: 'warning', source: 'new-api model/token.go:230' },
  U1: { severity: 'error', source: 'new-api middleware/auth.go:252-261' },
  U2: { severity: 'error', source: 'new-api service/pre_consume_quota.go:39' },
  G1: { severity: 'info', source: 'new-api middleware/auth.go:265-281' },
  G2: { severity: 'error', source: 'new-api middleware/auth.go:265-281' },
  G3: { severity: 'error', source: 'new-api middleware/auth.go:269' },
  G4: { severity: 'error', source: 'new-api middleware/auth.go:274' },
  G5: { severity: 'error', source: 'new-api service/channel_select.go:19-34' },
  G6: { severity: 'warning', source: 'new-api setting/ratio_setting/group_ratio.go:104' },
  O1: { severity: 'error', source: 'new-api setting/ratio_setting/model_ratio.go:386-391' },
  C10: { severity: 'error', source: 'new-api constant/channel.go' },
  C5: { severity: 'error', source: 'new-api model/channel.go:76-79' },
  C11: { severity: 'error', source: 'new-api model/channel.go:21-58' },
  C7: { severity: 'error', source: 'new-api model/channel.go:658' },
  C1: { severity: 'error', source: 'new-api model/channel_cache.go:41-55' },
  A3: { severity: 'error', source: 'new-api model/ability.go:142' },
  A2: { severity: 'error', source: 'new-api model/ability.go:92-93' },
  A1: { severity: 'error', source: 'new-api model/ability.go:91-93' },
  A7: { severity: 'error', source: 'new-api model/ability.go:16-24' },
  A4: { severity: 'warning', source: 'new-api model/ability.go:106-144' },
  A5: { severity: 'warning', source: 'new-api model/ability.go:146-169' },
  C3: { severity: 'error', source: 'new-api model/channel.go:105-144' },
  C13: { severity: 'error', source: null },
  C4: { severity: 'error', source: 'new-api model/channel.go:414-423' },
  C6: { severity: 'warning', source: 'new-api controller/relay.go' },
  C8: { severity: 'warning', source: 'new-api model/channel_cache.go:162-187' },
  C9: { severity: 'warning', source: 'new-api model/channel_cache.go:125-142' },
  P1: { severity: 'error', source: 'new-api relay/helper/price.go:72-79' },
  S1: { severity: 'error', source: null },
  C12: { severity: 'warning', source: null },
  K1: { severity: 'warning', source: 'new-api model/channel_cache.go:88-94' },
} as const satisfies Record<string, RuleFacts>

export type RuleId = keyof typeof RULES

export const RULE_IDS = Object.keys(RULES) as readonly RuleId[]
