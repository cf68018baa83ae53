/**
 * Keeps V8 from giving the garbage of a large read 100 MiB more before it is collected: what
 * starting has needed is enough for it. Only the command line takes it on itself, for its process.
 */
export async function limitYoungGarbage(): Promise<void> {
  // Loading this at every start would cost commands that read little.
  const { setFlagsFromString } = await import('node:v8')
  setFlagsFromString('--semi-space-growth-factor=1')
}
