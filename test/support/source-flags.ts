import process from 'node:process'

/**
 * Flags of Node.js that run the sources, with the packages as `npm test` has bundled them: most of
 * the start of a process is to open their files.
 */
export function sourceFlags(): string[] {
  const packages = process.env['TEST_PACKAGES']
  const bundled = packages === undefined ? [] : ['--import', packages]
  return ['--conditions=tidegate:source', ...bundled]
}
