import type { Target } from '../../src/database/contract.ts'
import type { CliResult } from '../support/cli.ts'
import { queryRaw } from '../support/raw.ts'
import type { CallOptions } from './runs.ts'
import type { SyncPair } from './sync-pair.ts'
import { ends } from './sync-state.ts'

type Env = CallOptions['env']

/** What lies in production is the pair's `local`, so that a pull can write to either dialect. */
export interface Pulling {
  /** The database that is pulled into. */
  readonly here: Target
  readonly there: Target
  readonly call: (line: string, env?: Env) => Promise<CliResult>
  /** Name, key, models and priority of the channels here. */
  readonly channels: () => Promise<unknown[][]>
}

export const PLACEHOLDER = 'tidegate-placeholder: set the key of this row'

const CHANNELS = 'select name, key, models, cast(priority as text) from channels order by name'

export function pullingOf(pair: SyncPair): Pulling {
  const { local: there, production: here } = pair
  return {
    here,
    there,
    call: (line, env = {}) => pair.call(line, { ...ends(here, there), ...env }),
    channels: () => queryRaw(here, CHANNELS),
  }
}
