/** The system's code of a failed file access (`ENOENT`); its message may quote what was read. */
export function fileErrorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[A-Z][A-Z_]{1,40}$/.test(code) ? code : 'unknown error'
}
