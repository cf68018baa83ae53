import { saysSecret } from './secret-words.ts'

const HIDDEN = '[secret]'

/** A PEM block that is cut off is hidden to the end of the text. */
const PEM = /-----BEGIN [A-Z0-9 ]{1,40}-----.*?(?:-----END [A-Z0-9 ]{1,40}-----|$)/gs

const JSON_MEMBER = /("[^"\\]{1,64}")(\s*:\s*)"([^"\\]*(?:\\.[^"\\]*)*)(?:"|$)/gs

const QUERY_PARAMETER = /([?&;])([\w.~%[\]-]{1,64})=([^&;#\s"'<>]+)/g

const USER_INFO = /\/\/([^\s/?#"<>]+)@/g

const BEARER = /\b(bearer\s+)([\w.~+/=-]{8,})/gi

const TOKENS = new RegExp(
  [
    String.raw`sk-[\w-]{8}`,
    String.raw`[rs]k_(?:live|test)_\w{8}`,
    String.raw`AIza[\w-]{20}`,
    String.raw`gh[oprsu]_\w{16}`,
    String.raw`github_pat_\w{16}`,
    String.raw`xox[a-z]-[\w-]{8}`,
    String.raw`(?:AKIA|ASIA)[A-Z0-9]{12}`,
  ]
    .map((token) => `(?<![A-Za-z0-9])${token}[\\w-]*`)
    .join('|'),
  'g',
)

/** Begins only where a word begins: half a token is never read again from within. */
const JSON_WEB_TOKEN = /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g

/** What stands for a secret that was hidden before. */
const ALREADY_HIDDEN = /^\[secret(?::[0-9a-f]+)?\]$/

/**
 * A value for people in which whatever looks like a key is replaced, by `[secret]` unless `hide`
 * says otherwise: the last net, for secrets in columns that should hold none. Takes time in
 * proportion to the text; what was hidden before stays as it is.
 */
export function hideSecrets(text: string, hide: (secret: string) => string = () => HIDDEN): string {
  const hidden = (secret: string): string => (ALREADY_HIDDEN.test(secret) ? secret : hide(secret))
  return text
    .replaceAll(PEM, hidden)
    .replaceAll(JSON_MEMBER, (member: string, name: string, colon: string, value: string) =>
      value === '' || !saysSecret(name) ? member : `${name}${colon}"${hidden(value)}"`,
    )
    .replaceAll(QUERY_PARAMETER, (parameter: string, sign: string, name: string, value: string) =>
      saysSecret(name) ? `${sign}${name}=${hidden(value)}` : parameter,
    )
    .replaceAll(USER_INFO, (_: string, user: string) => `//${hidden(user)}@`)
    .replaceAll(BEARER, (_: string, bearer: string, token: string) => `${bearer}${hidden(token)}`)
    .replaceAll(JSON_WEB_TOKEN, hidden)
    .replaceAll(TOKENS, hidden)
}
