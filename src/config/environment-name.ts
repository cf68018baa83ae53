/** The rule that `isEnvironmentName` applies, for messages. */
export const ENVIRONMENT_NAME_RULE =
  'an environment is named with lower-case letters, digits and "-", and starts with a letter'

/** Whether the text may name an environment; 40 characters at most. */
export function isEnvironmentName(text: string): boolean {
  return /^[a-z][a-z0-9-]{0,39}$/.test(text)
}

/** What the variables of one environment start with: `pre-prod` to `PRE_PROD_`. */
export function variablePrefix(environment: string): string {
  return `${environment.toUpperCase().replaceAll('-', '_')}_`
}
