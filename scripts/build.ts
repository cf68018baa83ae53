/** Makes dist/: the bundled entry, the public module with its types, migrations and seeds. */
import { execFileSync } from 'node:child_process'
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { build, type Plugin, transform } from 'esbuild'
import stringWidth from 'string-width'

const ROOT = join(import.meta.dirname, '..')
const DIST = join(ROOT, 'dist')

/** Chinese, Japanese and Korean letters and punctuation, each of which takes two columns. */
const WIDE =
  '\\u3001-\\u3029\\u3041-\\u3096\\u30a1-\\u30fa\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7a3\\uff01-\\uff60'

/**
 * Tables and yargs measure texts with string-width, whose segmenter and emoji expressions take
 * 60 ms to set up. Plain ASCII and CJK, which is all that most runs measure, need neither: here the
 * package is loaded when the first other text comes.
 */
const lazyStringWidth: Plugin = {
  name: 'lazy-string-width',
  setup(bundler) {
    const real = join(ROOT, 'node_modules/string-width/index.js')
    bundler.onResolve({ filter: /^string-width$/ }, ({ kind }) =>
      kind === 'import-statement' ? { path: 'string-width', namespace: 'lazy' } : null,
    )
    bundler.onLoad({ filter: /^string-width$/, namespace: 'lazy' }, () => ({
      contents: `
        const SIMPLE = /^[\\x20-\\x7e${WIDE}]*$/, WIDE = /[${WIDE}]/g
        export default function stringWidth(text, options) {
          if (SIMPLE.test(text)) return text.length + (text.match(WIDE)?.length ?? 0)
          return require(${JSON.stringify(real)}).default(text, options)
        }`,
      resolveDir: ROOT,
    }))
  },
}

/** The short cut above must agree with the package on every character that it takes. */
function assertWide(): void {
  const isWide = new RegExp(`[${WIDE}]`)
  for (let code = 0; code <= 0xffff; code += 1) {
    const character = String.fromCharCode(code)
    if (isWide.test(character) && stringWidth(character) !== 2) {
      throw new Error(`U+${code.toString(16)} does not take two columns`)
    }
  }
}

/**
 * An ES import of a built-in module evaluates every getter of it, and those of crypto and process
 * load half of Node.js. `require` does not.
 */
const requiredBuiltins: Plugin = {
  name: 'required-builtins',
  setup(bundler) {
    const names = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]))
    bundler.onResolve({ filter: /^[a-z:/_0-9]+$/ }, ({ path, kind }) =>
      kind === 'import-statement' && names.has(path) ? { path, namespace: 'builtin' } : null,
    )
    bundler.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)})`,
    }))
  },
}

/** Umzug carries a command line of its own that nobody here calls. */
const withoutUmzugCli: Plugin = {
  name: 'without-umzug-cli',
  setup(bundler) {
    bundler.onLoad({ filter: /umzug\/lib\/cli\.js$/ }, () => ({
      contents: 'exports.UmzugCLI = class {}',
      loader: 'js',
    }))
  },
}

/**
 * After every command yargs lays out the whole help text, in case somebody asks for it later. Nobody
 * does: our errors are printed without it.
 */
const withoutHelpCache: Plugin = {
  name: 'without-help-cache',
  setup(bundler) {
    bundler.onLoad({ filter: /yargs\/build\/lib\/usage\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      const contents = source.replace('cachedHelpMessage = this.help();', '')
      if (contents === source) throw new Error('yargs no longer caches its help text that way')
      return { contents, loader: 'js' }
    })
  },
}

async function bundle(): Promise<void> {
  await build({
    entryPoints: {
      tidegate: join(ROOT, 'src/cli/entry.ts'),
      'source-thread': join(ROOT, 'src/cli/thread/source-thread.ts'),
      index: join(ROOT, 'src/index.ts'),
    },
    outdir: DIST,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.18',
    chunkNames: 'chunks/[name]-[hash]',
    // Native code stays in its package; the two pg extras are optional and never used.
    external: ['better-sqlite3', 'pg-native', 'pg-cloudflare'],
    banner: {
      js: "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);",
    },
    plugins: [requiredBuiltins, lazyStringWidth, withoutHelpCache, withoutUmzugCli],
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
  })
}

/** Node strips types outside node_modules only, so a package needs JavaScript beside its sources. */
async function copyScripts(folder: string): Promise<void> {
  await mkdir(join(DIST, folder), { recursive: true })
  for (const name of await readdir(join(ROOT, folder))) {
    const source = join(ROOT, folder, name)
    await copyFile(source, join(DIST, folder, name))
    const { code } = await transform(await readFile(source, 'utf8'), { loader: 'ts' })
    await writeFile(join(DIST, folder, name.replace(/\.ts$/, '.js')), code)
  }
}

function declarations(): void {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
  execFileSync(process.execPath, [tsc, '-p', join(ROOT, 'tsconfig.build.json')], {
    stdio: 'inherit',
  })
}

await rm(DIST, { recursive: true, force: true })
assertWide()
await bundle()
await copyScripts('migrations')
await copyScripts('seeds')
declarations()
