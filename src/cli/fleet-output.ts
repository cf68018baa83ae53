import { Output } from './output.ts'
import type { Redactor } from './redactor.ts'

const NOWHERE = { write: () => undefined }

/**
 * The output of one environment's run: the result is kept, warnings and progress go to that of the
 * fleet with the environment in front. Secrets that any run loads are blanked in all of them.
 */
export class FleetOutput extends Output {
  override readonly redactor: Redactor
  readonly #fleet: Output
  readonly #environment: string
  #report: unknown = null

  constructor(fleet: Output, environment: string) {
    super({ stdout: NOWHERE, stderr: NOWHERE, env: {} })
    this.redactor = fleet.redactor
    this.#fleet = fleet
    this.#environment = environment
    this.json = true
  }

  /** The run's JSON object; null when it gave none. */
  get report(): unknown {
    return this.#report
  }

  override data(value: object): void {
    this.#report = value
  }

  override document(text: string): void {
    this.#report = JSON.parse(text)
  }

  override warn(text: string): void {
    this.#fleet.warn(`${this.#environment}: ${text}`)
  }

  override note(text: string): void {
    this.#fleet.detail(`${this.#environment}: ${text}`)
  }

  override detail(text: string): void {
    this.note(text)
  }
}
