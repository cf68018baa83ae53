/** One text with its parameters, as the driver takes it. */
export interface Statement {
  readonly text: string
  readonly values: unknown[]
  readonly rowMode?: 'array'
}

/** What the server answered to one statement; a text without parameters may hold several. */
export interface StatementResult {
  /** The first word of the command tag: `COMMIT`, `INSERT`, … */
  readonly command: string
  readonly rowCount: number | null
  readonly rows: unknown[]
}
