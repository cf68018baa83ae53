/** Makes dist/: the bundled entry, the public module with its types, migrations and seeds. */
import { execFileSync } from 'node:child_process'
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build, type Plugin, transform } from 'esbuild'

const ROOT = join(import.meta.dirname, '..')
const DIST = join(ROOT, 'dist')

/** yargs measures text with a segmenter that costs 14 ms to make and that only `--help` needs. */
const lazySegmenter: Plugin = {
  name: 'lazy-segmenter',
  setup({ onLoad }) {
    onLoad({ filter: /string-width\/index\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      const contents = source
        .replace('new Intl.Segmenter()', 'undefined')
        .replaceAll(
          'segmenter.segment(',
          '(globalThis.__segmenter ??= new Intl.Segmenter()).segment(',
        )
      return { contents, loader: 'js' }
    })
  },
}

async function bundle(): Promise<void> {
  await build({
    entryPoints: { tidegate: join(ROOT, 'src/cli/entry.ts'), index: join(ROOT, 'src/index.ts') },
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
    plugins: [lazySegmenter],
    minifySyntax: true,
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
await bundle()
await copyScripts('migrations')
await copyScripts('seeds')
declarations()
