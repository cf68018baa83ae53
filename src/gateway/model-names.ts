import type { GatewayVersion } from './versions.ts'

/** The longer prefix first: both match its names. */
const THINKING_BUDGETS = ['gemini-2.5-flash-lite', 'gemini-2.5-flash', 'gemini-2.5-pro']

const GIZMOS = ['gpt-4-gizmo', 'gpt-4o-gizmo']

/**
 * The name by which new-api looks up a model's price, limits and, after the exact name, its
 * channels in the cache: `gpt-4-gizmo-*` for `gpt-4-gizmo-g-x`. Most names stand for themselves.
 */
export function matchingModelName(model: string): string {
  const thinking = THINKING_BUDGETS.find((prefix) => model.startsWith(prefix))
  if (thinking !== undefined && model.includes('-thinking-')) return `${thinking}-thinking-*`
  const gizmo = GIZMOS.find((prefix) => model.startsWith(prefix))
  return gizmo === undefined ? model : `${gizmo}-*`
}

/** The fork's middleware/distributor.go: a first segment decides, the body's model does not. */
const FORK_MODELS: ReadonlyMap<string, string> = new Map([
  ['runway', 'runway'],
  ['runwayml', 'runway'],
  ['pika', 'pika'],
  ['kling', 'kling'],
])

/**
 * The model that a gateway gives to every request of a path (`/runway/v1/tasks`: `runway`); null
 * where the request's body names it, which is so in every gateway but the fork.
 */
export function modelOfPath(version: GatewayVersion | null, path: string): string | null {
  if (version?.family !== 'bltcy-fork') return null
  const [, segment = ''] = /^\/([^/?#]*)/.exec(path) ?? []
  return FORK_MODELS.get(segment) ?? null
}
