import type { Finding, Resolution } from '../diff/finding.ts'
import { shellWord } from '../shell-word.ts'

export interface ResolutionInput {
  /** Names of the sides as the user wrote them. */
  readonly from: string
  readonly to: string
  readonly fromKind: 'database' | 'snapshot' | 'seeds'
  readonly toKind: 'database' | 'snapshot' | 'seeds'
  /** Names of the commands that this version has. */
  readonly commands: ReadonlySet<string>
}

interface Subject extends Pick<Finding, 'id' | 'kind' | 'class' | 'side'> {
  /** Whether applying the seeds would change it. */
  readonly isEnsured: boolean
}

/** Of these nothing has to be resolved. */
const APART: ReadonlySet<Finding['class']> = new Set(['environment', 'runtime'])

/** What resolves a finding, the way that changes production first. */
export function resolutionsFor(finding: Subject, input: ResolutionInput): Resolution[] {
  if (APART.has(finding.class)) return []
  const resolutions = [
    ...repairs(finding, input),
    ...moves(finding, input),
    accepts(finding, input),
  ]
  return resolutions.filter(({ command }) => input.commands.has(command.split(' ')[1]!))
}

const ROW_KINDS: ReadonlySet<Finding['kind']> = new Set(['missing', 'extra', 'changed'])

function moves({ id, kind, isEnsured }: Subject, input: ResolutionInput): Resolution[] {
  if (!ROW_KINDS.has(kind)) return []
  const { from, to, fromKind, toKind } = input
  const declared: Resolution[] =
    isEnsured && toKind === 'database'
      ? [
          {
            command: `tidegate seed apply --env ${shellWord(to)}`,
            effect: `writes what the seed declares to ${to}`,
          },
        ]
      : []
  const push: Resolution[] =
    toKind === 'database' && kind !== 'extra'
      ? [
          {
            command: `tidegate push --from ${shellWord(from)} --to ${shellWord(to)} --select ${id}`,
            effect: `writes the values of ${from} to ${to}, after a plan`,
          },
        ]
      : []
  const pull: Resolution[] =
    fromKind === 'database'
      ? [
          {
            command: `tidegate pull --from ${shellWord(to)} --to ${shellWord(from)} --select ${id}`,
            effect: `writes the values of ${to} to ${from}`,
          },
        ]
      : []
  return fromKind === 'seeds' ? declared : [...declared, ...push, ...pull]
}

function repairs({ kind, side }: Subject, input: ResolutionInput): Resolution[] {
  if (kind !== 'abilities' || side === null) return []
  const where = side === 'from' ? input.from : input.to
  return [
    {
      command: `tidegate doctor --fix A5 --env ${shellWord(where)}`,
      effect: `rebuilds the abilities of ${where} from its channels`,
    },
  ]
}

function accepts({ id, kind }: Subject, { from, to }: ResolutionInput): Resolution {
  if (kind === 'acceptance') {
    return {
      command: 'tidegate accept --prune',
      effect: 'removes entries that have expired or that nothing matches',
    }
  }
  return {
    command: `tidegate accept ${id} --from ${shellWord(from)} --to ${shellWord(to)} --reason "…" --owner "…"`,
    effect: 'accepts it as it is, until a date',
  }
}
