import { readFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import type { Plugin } from 'esbuild'
import stringWidth from 'string-width'

/** How packages are bundled: what nobody here uses is left out, what few runs use is loaded late. */

const ROOT = join(import.meta.dirname, '..')

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
export function assertWide(): void {
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

export const PLUGINS: Plugin[] = [
  requiredBuiltins,
  lazyStringWidth,
  withoutHelpCache,
  withoutUmzugCli,
]

/** Native code stays in its package; the two pg extras are optional and never used. */
export const EXTERNAL = ['better-sqlite3', 'pg-native', 'pg-cloudflare']

/** Packages that are not ES modules require others. */
export const BANNER = {
  js: "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);",
}
