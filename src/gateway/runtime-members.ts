import { DEFAULT_CHANNEL_INFO } from './channel-info.ts'
import type { ColumnRule } from './column-rule.ts'
import { canonicalJson } from './json.ts'
import { jsonMembers, writeMembers } from './json-members.ts'

/** Members that a running gateway writes by itself into columns that people configure. */
const RUNTIME_MEMBERS: ReadonlyMap<string, RegExp> = new Map([
  // new-api model/channel.go:60
  [
    'channels.channel_info',
    /^multi_key_(polling_index|status_list|disabled_reason|disabled_time)$/,
  ],
  // new-api dto/channel_settings.go:51-53
  ['channels.settings', /^upstream_model_update_last_/],
])

/**
 * Canonical JSON of what people configure in a cell, for comparing only: without the gateway's own
 * members, and null when nothing else is said. Text that is not JSON stays as it is.
 */
export function configuredJson(rule: ColumnRule, text: string): string | null {
  const runtime = RUNTIME_MEMBERS.get(`${rule.table}.${rule.name}`)
  if (runtime === undefined) return canonicalJson(text) ?? text
  const isConfigured = (name: string): boolean => !runtime.test(name)
  const configured = canonicalJson(text, isConfigured) ?? text
  const nothing = rule.compare === 'channel-info' ? DEFAULT_CHANNEL_INFO : '{}'
  const saysNothing = configured === '{}' || configured === canonicalJson(nothing, isConfigured)
  return saysNothing ? null : configured
}

/**
 * The text of a cell that says what `wanted` says, with the gateway's own members as they are in
 * `stored`; null is NULL. `wanted` itself for a column without such members, or when it is no JSON
 * object.
 */
export function withRuntimeMembers(
  rule: ColumnRule,
  wanted: string | null,
  stored: string | null,
): string | null {
  const runtime = RUNTIME_MEMBERS.get(`${rule.table}.${rule.name}`)
  if (runtime === undefined) return wanted
  const own = [...(jsonMembers(stored ?? '') ?? [])].filter(([name]) => runtime.test(name))
  if (wanted === null || wanted === '') {
    if (own.length === 0) return wanted
    const nothing = rule.compare === 'channel-info' ? DEFAULT_CHANNEL_INFO : '{}'
    return withRuntimeMembers(rule, nothing, stored)
  }
  const members = jsonMembers(wanted)
  if (members === null) return wanted
  const configured = [...members].filter(([name]) => !runtime.test(name))
  return writeMembers(new Map([...configured, ...own]))
}
