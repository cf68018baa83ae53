const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/
const STRING_OR_PUNCTUATION = new RegExp(`${STRING.source}|[{}[\\],]`, 'g')

/**
 * The members of a JSON object with the JSON text of each value as it was written, in order; of a
 * repeated name the last value counts. Null when the text is not a JSON object. JSON.parse itself
 * would round long numbers and move names that look like indexes to the front.
 */
export function jsonMembers(text: string): Map<string, string> | null {
  return isObject(text) ? new Map(memberTexts(text).map(parseMember)) : null
}

/** The text of a JSON object with these members, each the JSON text of its value. */
export function writeMembers(members: ReadonlyMap<string, string>): string {
  return `{${[...members].map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

/** What stands between the outermost braces and their commas; [] for an empty object. */
function memberTexts(text: string): string[] {
  const members: string[] = []
  let depth = 0
  let start = 0
  for (const { 0: token, index } of text.matchAll(STRING_OR_PUNCTUATION)) {
    if (depth === 1 && (token === ',' || token === '}')) members.push(text.slice(start, index))
    depth += depthChange(token)
    if (depth === 1 && (token === ',' || token === '{')) start = index + 1
  }
  return members.filter((member) => member.trim() !== '')
}

function depthChange(token: string): number {
  if (token === '{' || token === '[') return 1
  return token === '}' || token === ']' ? -1 : 0
}

function parseMember(text: string): [name: string, json: string] {
  const [name = ''] = STRING.exec(text) ?? []
  const value = text.slice(text.indexOf(name) + name.length)
  return [JSON.parse(name) as string, value.slice(value.indexOf(':') + 1).trim()]
}
