import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The package's root in a checkout, `dist/` in an installed package. */
const SHIPPED_ROOT = import.meta.url.endsWith('.ts')
  ? join(import.meta.dirname, '../..')
  : join(import.meta.dirname, '..')

/**
 * The migrations or seeds that a run uses: the project's own folder, or what the package ships when
 * the project has none and names none.
 */
export function folderOrShipped(
  root: string,
  name: 'migrations' | 'seeds',
  chosen: string,
): string {
  const isDefault = chosen === join(root, name)
  return isDefault && !existsSync(chosen) ? join(SHIPPED_ROOT, name) : chosen
}
