import { appendFile, stat } from 'node:fs/promises'
import { fileErrorCode } from '../config/file-error.ts'
import { describeBadPath, type Variables } from './environment.ts'

/** GitHub drops the whole summary of a step above 1,024 KiB. */
const LARGEST_BYTES = 1_000 * 1_024

/** Less would say nothing. */
const SMALLEST_BYTES = 1_024

/**
 * Appends Markdown to the summary of the job; `render` gets how many bytes there is room for.
 * Returns why it was not written, as the end of a sentence, or null: a summary is never what a run
 * fails for.
 */
export async function appendSummary(
  env: Variables,
  render: (bytes: number) => string,
): Promise<string | null> {
  const path = env['GITHUB_STEP_SUMMARY'] ?? ''
  if (path === '') return 'GITHUB_STEP_SUMMARY is not set'
  const bad = describeBadPath(path)
  if (bad !== null) return `GITHUB_STEP_SUMMARY ${bad}`
  try {
    return await append(path, render)
  } catch (error) {
    return `its file cannot be written (${fileErrorCode(error)})`
  }
}

async function append(path: string, render: (bytes: number) => string): Promise<string | null> {
  const stats = await stat(path)
  if (!stats.isFile()) return 'GITHUB_STEP_SUMMARY is not a file'
  const room = LARGEST_BYTES - stats.size - 2
  if (room < SMALLEST_BYTES) return 'earlier steps have filled it'
  const text = render(room)
  if (Buffer.byteLength(text) > room) return 'the report does not fit into it'
  await appendFile(path, `\n${text}\n`)
  return null
}
