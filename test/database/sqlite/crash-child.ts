import { ACTS, watchPoints } from './crash.ts'

/** `crash-child.ts ACT FOLDER N` does it, and dies before the n-th point. */

const [act, folder, last] = process.argv.slice(2)
let points = 0
await watchPoints(
  () => {
    if (++points === Number(last)) process.kill(process.pid, 'SIGKILL')
  },
  () => ACTS[act as keyof typeof ACTS](folder!),
)
