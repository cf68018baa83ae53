/** An invisible space: what it parts is no reference, and reads as before. */
const BREAK = '\u200b'

/**
 * After these comes a break: what starts a mention, an issue, an emoji or the address of a link.
 * Words of seven hexadecimal digits and more, which a forge links to a commit, get one within.
 */
const ACTIVE = /[@#:](?=.)|www(?=\.)|GH(?=-\d)|[0-9a-f]{7,}/gis

/**
 * Text in which nothing is a mention, a reference to an issue or a commit, a link or an emoji,
 * also where code spans are not respected, as in mails.
 */
export function inert(text: string): string {
  return text.replaceAll(ACTIVE, (found) =>
    found.length < 7 ? found + BREAK : found.replaceAll(/.{6}(?=.)/g, `$&${BREAK}`),
  )
}

/** A command can be copied when nothing in it had to be parted; `id` is no commit. */
export function inertCommand(command: string, id: string): string {
  return command.split(id).map(inert).join(id)
}
