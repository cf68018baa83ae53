/** Languages that people read; programs read English names everywhere. */
export const LANGUAGES = ['en', 'zh-CN'] as const

export type Language = (typeof LANGUAGES)[number]

/**
 * The flag, else the language of the locale (`LC_ALL`, `LC_MESSAGES`, `LANG`, the first that is
 * set), else English.
 */
export function chooseLanguage(
  flag: string | undefined,
  variables: Readonly<Record<string, string | undefined>>,
): Language {
  const named = LANGUAGES.find((language) => language === flag)
  if (named !== undefined) return named
  const locale = variables['LC_ALL'] || variables['LC_MESSAGES'] || variables['LANG'] || ''
  return /^zh(?:[_.@-]|$)/i.test(locale) ? 'zh-CN' : 'en'
}
