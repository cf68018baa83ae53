import { COPY_SCRIPT } from '../html/copy-script.ts'
import { ROUTE_SCRIPT } from './html-script-routes.ts'

const FINDING_SCRIPT = String.raw`'use strict';
const byId = (id) => document.getElementById(id)
const all = (selector, root = document) => [...root.querySelectorAll(selector)]
const number = (count) => count.toLocaleString('en-US')
const words = document.body.dataset
const setText = (node, text) => {
  if (node.textContent !== text) node.textContent = text
}
{
  const search = byId('search')
  const findings = all('details.finding').map((element) => ({
    element,
    severity: element.dataset.severity,
    text: element.textContent.toLowerCase(),
  }))
  const boxes = all('#filters input[data-severity]')

  // A choice's count is of what it would show: of all that the search lets in.
  function filter() {
    const asked = search.value.toLowerCase().split(/\s+/).filter((word) => word !== '')
    const chosen = boxes.filter(({ checked }) => checked).map((box) => box.dataset.severity)
    const counts = new Map()
    let shown = 0
    for (const { element, severity, text } of findings) {
      const found = asked.every((word) => text.includes(word))
      if (found) counts.set(severity, (counts.get(severity) ?? 0) + 1)
      const isShown = found && (chosen.length === 0 || chosen.includes(severity))
      if (isShown) shown += 1
      if (element.hidden === isShown) element.hidden = !isShown
    }
    for (const box of boxes) {
      setText(box.parentElement.querySelector('.count'), number(counts.get(box.dataset.severity) ?? 0))
    }
    report(shown, asked.length > 0 || chosen.length > 0)
  }

  function report(shown, narrowed) {
    const facts = { '{shown}': number(shown), '{total}': number(findings.length) }
    setText(byId('shown'), words.shown.replace(/\{shown\}|\{total\}/g, (name) => facts[name]))
    byId('none').hidden = shown > 0
    byId('clear').hidden = !narrowed
  }

  function clear() {
    search.value = ''
    for (const box of boxes) box.checked = false
    filter()
  }

  function fold(open) {
    for (const { element } of findings) if (!element.hidden) element.open = open
  }

${COPY_SCRIPT}

  function onKey(event) {
    const { key, target } = event
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (key === 'Escape' && document.querySelector(':popover-open') === null) {
      clear()
      search.blur()
    } else if (key === '/' && target !== search) {
      search.focus()
      search.select()
      event.preventDefault()
    }
  }

  // What a link leads to may be filtered out, folded, or behind an open panel.
  function onLink({ target }) {
    const link = target.closest('a[href^="#finding-"]')
    if (link === null) return
    document.querySelector(':popover-open')?.hidePopover()
    clear()
    byId(link.hash.slice(1)).closest('details').open = true
  }

  for (const holder of all('.copyable')) {
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = words.copy
    button.addEventListener('click', () => copy(button, holder.firstElementChild))
    holder.append(button)
  }
  if (search !== null) {
    byId('filters').hidden = false
    search.addEventListener('input', filter)
    for (const box of boxes) box.addEventListener('change', filter)
    byId('clear').addEventListener('click', clear)
    byId('expand').addEventListener('click', () => fold(true))
    byId('collapse').addEventListener('click', () => fold(false))
    document.addEventListener('keydown', onKey)
    document.addEventListener('click', onLink)
    // A reloaded page may come back with what was typed.
    filter()
  }
}
`

/**
 * The page's script: it shows, hides, folds, focuses and repeats texts of the page, and makes no
 * markup of data. Constant, since the page's policy names it by its hash; its words are in the
 * page.
 */
export const SCRIPT = FINDING_SCRIPT + ROUTE_SCRIPT

/** Of the script above, as the page's policy names it. */
export const SCRIPT_HASH = 'sha256-FNZMm0JhQpix0JoQZ03Y79Kw/6s+d1Qq9fIPVtILloI='
