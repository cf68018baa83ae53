import type { RestorePoint } from '../database/contract.ts'
import { escapeText } from '../report/escape.ts'
import type { Output } from './output.ts'

/**
 * Says what a run that wrote can be taken back to, also after a failure: what came before it may
 * stay. @returns whether there was anything to say
 */
export function tellRestorePoint(output: Output, point: RestorePoint | null): boolean {
  if (point?.kind === 'file') output.note(`restore point: ${escapeText(point.path)}`)
  if (point?.kind === 'position') {
    output.note(`before the first write: ${point.at}, WAL position ${point.lsn}`)
  }
  return point !== null
}
