import { openDatabaseSource } from '../snapshot/database-source.ts'
import { Fingerprinter } from '../snapshot/fingerprint.ts'
import type { CopyScope } from '../sync/copy-scope.ts'
import { type CopyVerdict, verifyCopy } from '../sync/copy-verify.ts'
import type { Context } from './context.ts'
import type { CopyEnds } from './copy-run.ts'
import { openSide } from './sides.ts'
import { VERSION } from './version.ts'

/** A comparison of the two sides as they are now. */
export async function verify(
  context: Context,
  { settings, from, to, reader }: CopyEnds,
  scope: CopyScope,
): Promise<CopyVerdict> {
  context.output.detail('comparing both sides …')
  const target = await openSide(settings, to.target, 'copy')
  try {
    const fingerprinter = new Fingerprinter()
    return await verifyCopy({
      from: await openDatabaseSource(from.name, reader, fingerprinter),
      to: await openDatabaseSource(to.name, target, fingerprinter),
      scope,
      fingerprinter,
      toolVersion: VERSION,
    })
  } finally {
    await target.close()
  }
}
