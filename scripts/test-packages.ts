/**
 * The packages of the sources as the tests load them: one file each, as in what is shipped. Some
 * have hundreds, which every process of every test would open.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { BANNER, EXTERNAL, PLUGINS } from './bundling.ts'

const ROOT = join(import.meta.dirname, '..')
const CACHE = join(ROOT, 'node_modules/.cache')

/** What the bundles are made of: another one of these makes others. */
const ORIGINS = ['package-lock.json', 'scripts/bundling.ts', 'scripts/test-packages.ts']

const REGISTER = 'register.mjs'

/** Makes the bundles where they are not there yet. @returns the module that puts them in place. */
export async function bundlePackages(): Promise<string> {
  const hash = createHash('sha256')
  for (const path of ORIGINS) hash.update(await readFile(join(ROOT, path)))
  const folder = join(CACHE, `packages-${hash.digest('hex').slice(0, 12)}`)
  if (!existsSync(folder)) await makeBundles(folder)
  return join(folder, REGISTER)
}

async function makeBundles(folder: string): Promise<void> {
  await mkdir(CACHE, { recursive: true })
  const made = await mkdtemp(join(CACHE, 'packages-'))
  const names = await packageNames()
  const entryPoints: string[] = []
  for (const [index, name] of names.entries()) {
    const path = join(made, `${index}.mjs`)
    await writeFile(path, await exportsOf(name))
    entryPoints.push(path)
  }
  await bundle(entryPoints, made)
  await writeFile(join(made, REGISTER), registerText(names))
  // Some tests run the command line as another user.
  await chmod(made, 0o755)
  // Another run may have been faster.
  await rename(made, folder).catch(() => rm(made, { recursive: true }))
}

async function packageNames(): Promise<string[]> {
  const text = await readFile(join(ROOT, 'package.json'), 'utf8')
  const { dependencies } = JSON.parse(text) as { readonly dependencies: Record<string, string> }
  return Object.keys(dependencies).filter((name) => !EXTERNAL.includes(name))
}

/** A module that exports what the package does. */
async function exportsOf(name: string): Promise<string> {
  const names = Object.keys((await import(name)) as object).filter(
    (one) => one !== 'module.exports',
  )
  return `export { ${names.join(', ')} } from '${name}'`
}

async function bundle(entryPoints: string[], outdir: string): Promise<void> {
  await build({
    entryPoints,
    outdir,
    outExtension: { '.js': '.mjs' },
    allowOverwrite: true,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    external: EXTERNAL,
    banner: BANNER,
    plugins: PLUGINS,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
  })
}

function registerText(names: readonly string[]): string {
  const files = names.map((name, index) => [name, `./${index}.mjs`])
  return `import { registerHooks } from 'node:module'
    const files = ${JSON.stringify(files)}
    const bundles = new Map(files.map(([name, file]) => [name, new URL(file, import.meta.url).href]))
    registerHooks({
      resolve(specifier, context, next) {
        const url = context.conditions.includes('import') ? bundles.get(specifier) : undefined
        return url === undefined ? next(specifier, context) : { url, format: 'module', shortCircuit: true }
      },
    })`
}
