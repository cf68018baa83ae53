/** What the server answered to one statement; a text without parameters may hold several. */
export interface StatementResult {
  /** The first word of the command tag: `COMMIT`, `INSERT`, … */
  readonly command: string
  readonly rowCount: number | null
  readonly rows: unknown[]
}
