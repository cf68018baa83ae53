#!/usr/bin/env node
// Only what every Node.js since 18 has may be imported here: this file must run on old versions to
// say that they are too old. They would fail later with an unreadable error, in a native module.
// `process` is the global: importing it would load the streams of stdin at every start.
import module from 'node:module'
import { isatty } from 'node:tty'

const NEEDED = [22, 18] as const

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])
}

async function start(): Promise<void> {
  module.enableCompileCache()
  const [{ main }, { Output }] = await Promise.all([import('./main.ts'), import('./output.ts')])
  const { stdout, stderr, env } = process
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt)
  for (const stream of [stdout, stderr]) stream.on('error', ignoreClosedPipe)
  const output = new Output({ stdout, stderr, env })
  const isAsked = stdout.isTTY && stderr.isTTY && !env['CI'] && isatty(0)
  const terminal = isAsked ? { terminal: { input: process.stdin, output: stderr } } : {}
  const stdin = () => process.stdin
  const host = { cwd: process.cwd(), env, output, stdin, stopSignal, ...terminal }
  process.exitCode = await main(process.argv.slice(2), host)
  // What is still connecting would keep a command that has come to its end for seconds.
  if (stop?.signal.aborted === true) process.exit()
}

/** Of the command that comes to its end by itself when it is told to. */
let stop: AbortController | undefined

function stopSignal(): AbortSignal {
  stop ??= new AbortController()
  return stop.signal
}

/** The databases take back what was not committed; the shell learns which signal it was. */
function interrupt(signal: NodeJS.Signals): void {
  if (stop?.signal.aborted === false) {
    stop.abort()
    return
  }
  process.stderr.write(`\n${signal}: stopped; run the command again to finish\n`)
  process.kill(process.pid, signal)
}

/** The reader of `tidegate … | head` may leave early; the work goes on and the exit code holds. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

if (isTooOld(process.versions.node)) {
  process.stderr.write(
    `tidegate needs Node.js ${NEEDED.join('.')} or later, this is ${process.versions.node}; in a checkout use \`npm run tidegate -- …\`, which brings its own\n`,
  )
  process.exitCode = 1
} else {
  await start()
}
