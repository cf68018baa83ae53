import { hideSecrets } from '../gateway/secret-scan.ts'

/**
 * What somebody gave on the command line, for a message; `otherwise` where a part of it looks like a
 * secret, because what is around that part may belong to it.
 */
export function shownGiven(given: string, otherwise: string): string {
  return hideSecrets(given) === given ? given : otherwise
}
