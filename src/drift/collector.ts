import type { AcceptedList } from '../diff/accepted.ts'
import type { TableFacts, Verdict } from '../diff/drift-report.ts'
import {
  type FailLevel,
  type Finding,
  FINDING_CLASSES,
  type FindingClass,
  SEVERITIES,
  type Severity,
} from '../diff/finding.ts'

/** Gathers findings: all are counted, and so many are listed, so that memory stays bounded. */
export class FindingCollector {
  readonly #accepted: AcceptedList
  readonly #limit: number
  readonly #listed: Finding[] = []
  readonly #classes = zeros<FindingClass>(FINDING_CLASSES)
  readonly #severities = zeros<Severity>(SEVERITIES)
  readonly #tables = new Set<string>()
  #omitted = 0
  /** Cells that both sides changed to the same value. */
  converged = 0
  /** Secrets of which nobody can say whether they are equal. */
  unknown = 0

  constructor(accepted: AcceptedList, limit: number) {
    this.#accepted = accepted
    this.#limit = limit
  }

  get omitted(): number {
    return this.#omitted
  }

  add(finding: Finding): void {
    const judged = this.#accepted.apply(finding)
    this.#classes[judged.class] += 1
    this.#severities[judged.severity] += 1
    this.#tables.add(judged.table)
    if (this.#listed.length < this.#limit) this.#listed.push(judged)
    else this.#omitted += 1
  }

  /** Most severe first, then in the order in which they were found. */
  findings(): Finding[] {
    const rank = ({ severity }: Finding): number => SEVERITIES.indexOf(severity)
    const place = (finding: Finding): number => FINDING_CLASSES.indexOf(finding.class)
    return this.#listed.toSorted((a, b) => rank(a) - rank(b) || place(a) - place(b))
  }

  verdict(tables: readonly TableFacts[], failOn: FailLevel): Verdict {
    const isIncomplete = tables.some(({ status }) => status === 'incomplete')
    const found = FINDING_CLASSES.some((one) => this.#classes[one] > 0)
    const failing = SEVERITIES.slice(0, SEVERITIES.findIndex((one) => one === failOn) + 1)
    return {
      status: isIncomplete ? 'incomplete' : found ? 'different' : 'clean',
      failOn,
      failing: failing.some((severity) => this.#severities[severity] > 0),
      counts: { ...this.#classes },
      severities: { ...this.#severities },
      converged: this.converged,
      tables: this.#tables.size,
    }
  }
}

function zeros<K extends string>(names: readonly K[]): Record<K, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<K, number>
}
