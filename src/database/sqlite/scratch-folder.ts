import { existsSync, lstatSync, mkdtempSync, readdirSync, rmSync, type Stats } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { pid } from 'node:process'

const LONGEST_USE_MS = 3_600_000

/**
 * A folder that only this user can enter, beside a file and on its file system, for a copy that is
 * not complete. Those that killed processes have left are removed.
 * @throws the error of the file system
 */
export function makeScratchFolder(file: string): string {
  const folder = mkdtempSync(join(dirname(file), `${prefixOf(file)}${pid}-`))
  removeLeftovers(file, folder)
  return folder
}

/** Never throws: what cannot be removed now is removed by the next run. */
export function removeScratchFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    return
  }
}

function prefixOf(file: string): string {
  return `.${basename(file)}.tidegate-`
}

function removeLeftovers(file: string, ours: string): void {
  const { uid } = lstatSync(ours)
  for (const name of readdirSync(dirname(file))) {
    const [, owner] = name.startsWith(prefixOf(file))
      ? (/^(\d+)-\w{6}$/.exec(name.slice(prefixOf(file).length)) ?? [])
      : []
    if (owner === undefined) continue
    const folder = join(dirname(file), name)
    const stats = lstatSync(folder, { throwIfNoEntry: false })
    if (!stats?.isDirectory() || stats.uid !== uid || folder === ours) continue
    if (!isRunning(owner) || isOld(stats)) removeScratchFolder(folder)
  }
}

// Where there is no /proc, only age tells.
function isRunning(owner: string): boolean {
  return !existsSync('/proc/self') || existsSync(`/proc/${owner}`)
}

function isOld({ mtimeMs }: Stats): boolean {
  return Date.now() - mtimeMs > LONGEST_USE_MS
}
