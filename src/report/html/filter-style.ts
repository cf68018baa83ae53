/** The bar that narrows a list, its buttons, and the dialog that explains its keys. */
export const FILTER_STYLE = `#filters { display: contents; }
fieldset { border: 0; margin: 0; padding: 0; display: flex; min-width: 0; }
fieldset div { display: flex; flex-wrap: wrap; gap: .4rem; min-width: 0; }
legend { float: inline-start; flex: 0 0 4.75rem; padding: .15rem 0; color: var(--muted); }
fieldset label {
  display: inline-flex; gap: .45rem; align-items: baseline; padding: .15rem .7rem; cursor: pointer;
  border: 1px solid var(--line); border-radius: 99px; background: var(--card); max-width: 100%;
}
fieldset label:hover { border-color: var(--strong-line); }
fieldset label:has(:checked) { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
fieldset label:has(:focus-visible) { outline: 2px solid var(--focus); outline-offset: 2px; }
fieldset input { appearance: none; position: absolute; margin: 0; outline: none; }
label .count { color: var(--muted); font-size: .87em; font-variant-numeric: tabular-nums; }
.line {
  position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .5rem; align-items: center;
  padding-block: .75rem; background: var(--page);
}
#search {
  flex: 1 1 14rem; min-width: 0; padding: .4rem .75rem; font: inherit; color: inherit;
  background: var(--card); border: 1px solid var(--strong-line); border-radius: 8px;
}
#search::placeholder { color: var(--muted); opacity: 1; }
#shown { color: var(--muted); font-variant-numeric: tabular-nums; padding-inline: .25rem; }
button {
  font: inherit; font-size: .93em; color: var(--text); background: var(--card); cursor: pointer;
  border: 1px solid var(--line); border-radius: 8px; padding: .35rem .75rem;
}
button:hover { border-color: var(--strong-line); }

dialog {
  max-width: 34rem; padding: 1.5rem 1.75rem; border: 1px solid var(--line); border-radius: 12px;
  background: var(--card); color: var(--text);
}
dialog::backdrop { background: rgb(10 16 24 / 45%); }
dialog h2 { margin-bottom: .6rem; }
dialog dl + h2 { margin-top: 1.25rem; }
dialog dl div { display: grid; grid-template-columns: 8rem minmax(0, 1fr); gap: .75rem; }
dialog button { margin-top: 1.25rem; }
`
