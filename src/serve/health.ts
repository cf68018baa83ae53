import type { CheckView } from './check-loop.ts'

/** A JSON answer. */
export interface Answer {
  readonly status: 200 | 500 | 503
  readonly body: Readonly<Record<string, unknown>>
}

/** Whether requests for the older gateway have a channel to take. */
export function health(view: CheckView): Answer {
  if (view.state !== 'current') return unavailable(view)
  const { bltcyChannels } = view.result
  return bltcyChannels > 0
    ? { status: 200, body: { status: 'ok', bltcy_channels: bltcyChannels } }
    : { status: 500, body: { status: 'error', message: 'Bltcy渠道未配置' } }
}

/** Whether the other answers are of today. */
export function readiness(view: CheckView): Answer {
  if (view.state !== 'current') return unavailable(view)
  return { status: 200, body: { status: 'ok', age_seconds: rounded(view.ageSeconds) } }
}

type OtherView = Exclude<CheckView, { state: 'current' }>

function unavailable(view: OtherView): Answer {
  const age = view.result === null ? null : rounded(view.ageSeconds)
  const body = { status: 'error', message: describe(view), last_good_age_seconds: age }
  return { status: 503, body }
}

function describe(view: OtherView): string {
  switch (view.state) {
    case 'starting':
      return 'the first check has not ended yet'
    case 'overdue':
      return 'the check is overdue'
    case 'failed':
      return `the last check failed (${view.code})`
  }
}

function rounded(seconds: number): number {
  return Math.round(seconds * 10) / 10
}
