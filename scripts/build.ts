/** Makes dist/: the bundled entry, the public module with its types, migrations and seeds. */
import { execFileSync } from 'node:child_process'
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build, transform } from 'esbuild'
import { assertWide, BANNER, EXTERNAL, PLUGINS } from './bundling.ts'

const ROOT = join(import.meta.dirname, '..')
const DIST = join(ROOT, 'dist')

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
    external: EXTERNAL,
    banner: BANNER,
    plugins: PLUGINS,
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
