/** Signs, the heat map and its switches. */
export const MATRIX_STYLE = `
:root {
  --served: #cfeadb; --served-ink: #14603a; --weak: #f7dd96; --weak-ink: #5c3a00;
  --refused: #eeaaa3; --refused-ink: #6d0d0d; --crash: #8c1010; --crash-ink: #ffffff;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --served: #1b4231; --served-ink: #9be3b8; --weak: #6a5114; --weak-ink: #ffe3a0;
    --refused: #7a2723; --refused-ink: #ffd9d5; --crash: #ff8d84; --crash-ink: #2a0504;
  }
}
.served { background: var(--served); color: var(--served-ink); }
.weakened { background: var(--weak); color: var(--weak-ink); }
.refused { background: var(--refused); color: var(--refused-ink); }
.crash { background: var(--crash); color: var(--crash-ink); }
.cell {
  display: inline-block; min-width: 2.4rem; padding: .1rem .35rem; border-radius: 4px; text-align: center;
  font-size: .8rem; font-weight: 700; font-variant-numeric: tabular-nums; white-space: nowrap;
}

.routes { display: grid; grid-template-columns: minmax(0, 1fr); gap: .75rem; }
.map-bar { display: flex; flex-wrap: wrap; gap: .6rem 1.5rem; align-items: center; }
.modes { flex-wrap: wrap; gap: 0; }
.modes legend { flex: none; padding-inline-end: .9rem; }
.modes label { border-radius: 0; background: var(--card); padding: .3rem .9rem; align-items: center; }
.modes label + label { margin-inline-start: -1px; }
.modes label:first-of-type { border-start-start-radius: 8px; border-end-start-radius: 8px; }
.modes label:last-of-type { border-start-end-radius: 8px; border-end-end-radius: 8px; }
.modes label:has(:checked) { z-index: 0; position: relative; font-weight: 600; background: var(--sunken); }
.modes .count { padding: 0 .5rem; border-radius: 99px; font-weight: 600; }
.modes .count:not(.bad) { visibility: hidden; width: 0; padding: 0; margin-inline-start: -.45rem; }
.modes .count.bad { background: var(--refused); color: var(--refused-ink); }
.only { display: inline-flex; gap: .5rem; align-items: center; cursor: pointer; }
.only input { width: 1rem; height: 1rem; margin: 0; accent-color: var(--accent); }
.routes:has([value="cache-off"]:checked) .matrix-box.cache-on,
.routes:has([value="cache-on"]:checked) .matrix-box.cache-off { display: none; }
.routes:has(#only-problems:checked) .matrix .calm { display: none; }
.no-problems { display: none; padding: 1rem 1.25rem; }
.routes:has(#only-problems:checked) .no-problems { display: block; }
.routes:has(#only-problems:checked) .no-problems + table { display: none; }

.matrix-box {
  overflow: auto; overscroll-behavior: contain; max-height: min(78vh, 56rem); width: fit-content; max-width: 100%;
  background: var(--card); border: 1px solid var(--line); border-radius: 10px; box-shadow: var(--shadow);
}
.matrix { width: auto; padding-bottom: 2px; border-collapse: separate; border-spacing: 0; overflow-wrap: normal; }
.matrix th {
  position: sticky; background: var(--card); font-weight: 500; font-size: .87rem; color: var(--text); z-index: 1;
}
.matrix thead th { top: 0; vertical-align: bottom; z-index: 2; padding: .6rem .3rem .4rem; }
.matrix tbody th, .matrix .corner { inset-inline-start: 0; padding: .1rem .6rem .1rem .9rem; }
.matrix thead .corner { z-index: 3; color: var(--muted); font-weight: 400; padding-block: .6rem .3rem; }
.matrix tbody th { vertical-align: middle; }
.matrix th > span {
  display: block; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; max-width: 15rem;
}
.matrix.broad thead th:not(.corner) { text-align: center; }
.matrix.broad thead th > span { max-width: 11rem; margin-inline: auto; }
.matrix.narrow thead th > span {
  writing-mode: vertical-rl; transform: rotate(180deg); max-width: none; max-height: 11rem; margin-inline: auto;
  line-height: 1.2;
}
.matrix .at { color: var(--accent); font-weight: 700; }
.matrix td { padding: 1.5px; }
.matrix tr > :last-child { padding-inline-end: 3px; }
.matrix button {
  display: block; width: 100%; min-width: 2.3rem; height: 1.75rem; padding: 0 .25rem; border: 0; border-radius: 4px;
  font-size: .8rem; font-weight: 700; font-variant-numeric: tabular-nums; line-height: 1;
}
.matrix.broad button { min-width: 7rem; height: 2.4rem; font-size: .93rem; }
.matrix button.served { font-weight: 400; }
.matrix button:hover { box-shadow: inset 0 0 0 2px currentColor; }
.matrix button:focus-visible { outline: 3px solid var(--focus); outline-offset: 1px; position: relative; z-index: 1; }
.unasked {
  display: block; height: 1.75rem; border-radius: 4px;
  background: repeating-linear-gradient(135deg, transparent 0 5px, var(--sunken) 5px 8px);
}
.matrix.broad .unasked { height: 2.4rem; }

.map-foot { display: flex; flex-wrap: wrap; gap: .4rem 1.5rem; justify-content: space-between; min-height: 1.6rem; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; color: var(--muted); font-size: .93em; }
.legend li { display: inline-flex; gap: .45rem; align-items: center; }
.readout { font-weight: 600; min-width: 0; }
@media (min-width: 74rem) {
  .routes.wide { margin-inline: calc((min(100vw - 4rem, 118rem) - 65rem) / -2); }
}
@media (max-width: 44rem) {
  .matrix.broad button { min-width: 4.5rem; }
  .matrix th > span { max-width: 6.5rem; }
  .matrix.narrow thead th > span { max-height: 8rem; }
  .matrix-box { max-height: 70vh; }
  .modes { display: flex; }
  .modes legend { width: 100%; }
}
@media print {
  .modes, .only { display: flex !important; }
  .matrix-box { max-height: none; overflow: visible; border: 0; }
  .matrix button, .modes label { display: flex !important; justify-content: center; align-items: center; }
  .matrix th { position: static; }
  .matrix.narrow button { min-width: 0; padding: 0; font-size: .6rem; height: 1.1rem; }
  .cell, .matrix button { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .routes.wide { margin-inline: 0; }
}
`
