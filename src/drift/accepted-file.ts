import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { z } from 'zod'
import type { AcceptedEntry } from '../diff/accepted.ts'
import { TidegateError } from '../errors.ts'
import { replaceFile } from '../replace-file.ts'

/** The reviewed list of accepted differences. Described in docs/accepted-drift.md. */
const acceptedFile = z.strictObject({
  version: z.literal(1),
  accepted: z.array(
    z.strictObject({
      environment: z.string().min(1),
      table: z.string().min(1),
      key: z.array(z.string()),
      column: z.string().nullable(),
      path: z.string().nullable(),
      pin: z.string().min(1),
      reason: z.string().trim().min(1),
      owner: z.string().trim().min(1),
      expires: z.iso.date(),
    }),
  ),
})

/** No file means that nothing is accepted. @throws TidegateError when there is one that is none. */
export async function readAccepted(path: string, root: string): Promise<AcceptedEntry[]> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw unusable(relative(root, path), 'cannot be read', error)
  }
  try {
    return acceptedFile.parse(JSON.parse(text)).accepted
  } catch (error) {
    throw unusable(relative(root, path), describe(error), error)
  }
}

function describe(error: unknown): string {
  if (!(error instanceof z.ZodError)) return 'is no JSON'
  const { path, message } = error.issues[0]!
  return `is not as it should be at ${path.join('.') || 'its top'}: ${message}`
}

/** Entries added to others, each in the place of an older one for the same cell. */
export function withEntries(
  entries: readonly AcceptedEntry[],
  added: readonly AcceptedEntry[],
): AcceptedEntry[] {
  return [...new Map([...entries, ...added].map((entry) => [placeOf(entry), entry])).values()]
}

/** Replaces the file as a whole, sorted, so that a review sees only what changed. */
export async function writeAccepted(
  path: string,
  root: string,
  entries: readonly AcceptedEntry[],
): Promise<void> {
  const accepted = entries.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
  try {
    await replaceFile(path, `${JSON.stringify({ version: 1, accepted }, null, 2)}\n`)
  } catch (error) {
    throw unusable(relative(root, path), 'cannot be written', error)
  }
}

function placeOf({ environment, table, key, column, path }: AcceptedEntry): string {
  return JSON.stringify([environment, table, key, column, path])
}

function unusable(file: string, problem: string, cause: unknown): TidegateError {
  return new TidegateError('config', `${file}: ${problem}`, {
    nextStep: 'correct the file; docs/accepted-drift.md shows its form',
    cause,
  })
}
