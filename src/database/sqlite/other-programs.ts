import { readdirSync, readFileSync, statSync } from 'node:fs'
import { pid } from 'node:process'

export interface OtherProgram {
  readonly processId: number
  /** `unknown` when not visible. */
  readonly name: string
}

/**
 * Programs that have one of these files open, as far as this user may see them: none where there is
 * no /proc.
 */
export function findOtherPrograms(paths: readonly string[]): OtherProgram[] {
  const wanted = new Set(paths.map(inodeOf).filter((inode) => inode !== null))
  return namesIn('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== pid)
    .filter((name) => hasOpen(name, wanted))
    .map((name) => ({ processId: Number(name), name: programOf(name) }))
}

function hasOpen(process: string, wanted: ReadonlySet<string>): boolean {
  const folder = `/proc/${process}/fd`
  return namesIn(folder).some((name) => wanted.has(inodeOf(`${folder}/${name}`) ?? ''))
}

// A path may mean another file in the other program's mount namespace; an inode does not.
function inodeOf(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true })
    return `${dev}:${ino}`
  } catch {
    return null
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function programOf(process: string): string {
  try {
    return readFileSync(`/proc/${process}/comm`, 'utf8').trim()
  } catch {
    return 'unknown'
  }
}
