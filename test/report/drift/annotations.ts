export interface RunnerCommand {
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  readonly message: string
}

const NAMES = ['error', 'warning', 'notice', 'add-mask', 'stop-commands', 'set-output', 'group']

/** A line as the runner of GitHub Actions reads it; null when it is no command. */
export function parseCommand(line: string): RunnerCommand | null {
  const text = line.trimStart()
  const end = text.indexOf('::', 2)
  if (!text.startsWith('::') || end < 0) return null
  const [name = '', ...rest] = text.slice(2, end).split(' ')
  if (!NAMES.includes(name)) return null
  const pairs = rest
    .join(' ')
    .trim()
    .split(',')
    .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const)
    .filter(([key, value]) => key !== '' && value !== '')
    .map(([key, value]) => [key, unescapeProperty(value)] as const)
  return {
    name,
    properties: Object.fromEntries(pairs),
    message: unescapeData(text.slice(end + 2)),
  }
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
}

function unescapeProperty(text: string): string {
  const lines = text.replaceAll('%0D', '\r').replaceAll('%0A', '\n')
  return lines.replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%25', '%')
}
