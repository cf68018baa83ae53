import { hideSecrets } from '../gateway/secret-scan.ts'

/**
 * The same value in which every text that looks like a key is hidden. Values of cells were hidden
 * when they were read; groups and models are not, because requests are routed by them.
 */
export function hideNames<T>(value: T): T {
  const seen = new Map<string, string>()
  const hide = (text: string): string => {
    const known = seen.get(text) ?? hideSecrets(text)
    seen.set(text, known)
    return known
  }
  return mapTexts(value, hide) as T
}

function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, map))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapTexts(one, map)]))
}
