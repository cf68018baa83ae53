import { spawnSync } from 'node:child_process'

/** Runs Prometheus' own tool; null where it is not installed. */
export function promtool(
  args: readonly string[],
  input = '',
): { readonly code: number | null; readonly output: string } | null {
  const { error, status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' })
  if (error !== undefined && 'code' in error && error.code === 'ENOENT') return null
  return { code: status, output: `${stdout}${stderr}` }
}
