import type { ChannelFacts } from '../../gateway/facts.ts'
import { hideSecrets } from '../../gateway/secret-scan.ts'
import type { Evidence } from '../diagnosis.ts'

type Cells = Readonly<Record<string, string | null>>

export function rowEvidence(
  table: string,
  row: string,
  label: string | null,
  cells: Cells,
): Evidence {
  return {
    table,
    row,
    label: label === null ? null : hideSecrets(label),
    cells: Object.entries(cells).map(([column, value]) => ({
      column,
      value: value === null ? null : hideSecrets(value),
    })),
  }
}

export function channelEvidence({ id, name }: ChannelFacts, cells: Cells): Evidence {
  return rowEvidence('channels', id, name, cells)
}

/** What decides whether a channel serves a group and a model. */
export function routingEvidence(channel: ChannelFacts): Evidence {
  const { status, group, models } = channel
  return channelEvidence(channel, { status, group, models })
}

/** Facts about all abilities of one channel. */
export function abilitiesEvidence(channelId: string, label: string | null, cells: Cells): Evidence {
  return rowEvidence('abilities', `*/*/${channelId}`, label, cells)
}
