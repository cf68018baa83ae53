/** Something that keeps a gateway from being copied. */
export interface CopyProblem {
  readonly table: string
  /** Values of the primary key, joined by `/`; null when it is about more than one row. */
  readonly row: string | null
  /** Null when it is about the whole table. */
  readonly column: string | null
  /** `has 300 characters, 255 fit into the column`; never the value. */
  readonly problem: string
}

const MOST_LISTED = 50

/** All of them are counted, the first ones kept. */
export class CopyProblems {
  readonly listed: CopyProblem[] = []
  total = 0

  add(problem: CopyProblem): void {
    this.total += 1
    if (this.listed.length < MOST_LISTED) this.listed.push(problem)
  }
}
