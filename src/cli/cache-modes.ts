import type { Settings } from '../config/settings.ts'
import { CACHE_MODES, type CacheMode } from '../gateway/routing.ts'
import { visibilityFacts } from '../gateway/visibility.ts'
import type { Context } from './context.ts'

/** Both, unless a flag or the gateway's own variables say which one counts. */
export function cacheModes(context: Context, { variables }: Settings): readonly CacheMode[] {
  const { isCached } = visibilityFacts(variables, null)
  const said = isCached === null ? 'both' : isCached ? 'on' : 'off'
  const choice = context.string('cache') ?? said
  return choice === 'both' ? CACHE_MODES : [`cache-${choice}` as CacheMode]
}
