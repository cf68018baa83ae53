import { FILTER_STYLE } from '../html/filter-style.ts'
import { NARROW_STYLE, PAGE_STYLE, PRINT_STYLE } from '../html/page-style.ts'
import { PALETTE } from './html-palette.ts'
import { FINDING_STYLE } from './html-style-finding.ts'

const TABLES = `.tables { display: grid; grid-template-columns: minmax(0, 1fr); gap: .75rem; }
.tables table { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  border-collapse: separate; border-spacing: 0; box-shadow: var(--shadow); overflow: hidden; }
.tables table { table-layout: fixed; }
.tables th, .tables td { padding: .5rem .9rem; }
.tables thead th:nth-child(-n + 2) { width: 19%; }
.tables thead th:nth-child(n + 3) { width: 12%; }
.tables thead th:nth-child(6) { width: auto; }
.tables .number { font-variant-numeric: tabular-nums; }
.tables tbody > tr > * { border-top: 1px solid var(--line); }
.tables small { display: block; }
.tables .way { color: var(--muted); font-size: .87em; }
.status { font-weight: 500; }
.status.complete { color: var(--good); }
.status.incomplete {
  padding: .1rem .55rem; border-radius: 99px; background: var(--loud-bg); color: var(--loud); font-weight: 700;
}
tr.incomplete { background: var(--loud-tint); }
tr.incomplete small { color: var(--text); }
.status.absent { color: var(--warning); }

`

/** The page's style. Constant, since the page's policy names it by its hash. */
export const STYLE =
  PALETTE + PAGE_STYLE + TABLES + FILTER_STYLE + FINDING_STYLE + NARROW_STYLE + PRINT_STYLE

/** Of the style above, as the page's policy names it. */
export const STYLE_HASH = 'sha256-QUZuvfpYZKbKE3DuSfBBw2DDXjUE2qb1nugIiCTTgWc='
