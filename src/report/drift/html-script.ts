import { COPY_SCRIPT } from '../html/copy-script.ts'

/**
 * The page's script: it shows, hides, folds and focuses, and never makes markup. Constant, since
 * the page's policy names it by its hash.
 */
export const SCRIPT = String.raw`'use strict';
{
  const byId = (id) => document.getElementById(id)
  const all = (selector, root = document) => [...root.querySelectorAll(selector)]
  const search = byId('search')
  const FACETS = ['severity', 'class', 'group']
  const findings = all('details.finding').map((element) => ({
    element,
    facets: FACETS.map((facet) => element.dataset[facet]),
    text: element.textContent.toLowerCase(),
  }))
  const groups = all('section.group').map((element) => ({
    element,
    count: element.querySelector('h3 .count'),
    members: new Set(all('details.finding', element)),
  }))
  const choices = all('input[data-facet]').map((box) => ({
    box,
    facet: FACETS.indexOf(box.dataset.facet),
    value: box.dataset.value,
    count: box.parentElement.querySelector('.count'),
  }))
  const number = (count) => count.toLocaleString('en-US')
  const words = document.body.dataset
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name])
  const setText = (node, text) => {
    if (node.textContent !== text) node.textContent = text
  }

  // A choice's count is of what it would show: of all that the other facets and the search let in.
  function filter() {
    const terms = search.value.toLowerCase().split(/\s+/).filter((word) => word !== '')
    const chosen = FACETS.map((_, facet) => new Set(
      choices.filter((choice) => choice.facet === facet && choice.box.checked)
        .map(({ value }) => value),
    ))
    const counts = FACETS.map(() => new Map())
    const visible = new Set()
    for (const { element, facets, text } of findings) {
      const found = terms.every((word) => text.includes(word))
      const out = facets.map((value, facet) => chosen[facet].size > 0 && !chosen[facet].has(value))
      const outs = out.filter(Boolean).length
      const shown = found && outs === 0
      if (shown) visible.add(element)
      if (element.hidden === shown) element.hidden = !shown
      if (!found || outs > 1) continue
      facets.forEach((value, facet) => {
        if (outs === 0 || out[facet]) {
          counts[facet].set(value, (counts[facet].get(value) ?? 0) + 1)
        }
      })
    }
    for (const { facet, value, count } of choices) {
      setText(count, number(counts[facet].get(value) ?? 0))
    }
    for (const { element, count, members } of groups) {
      const size = members.intersection(visible).size
      element.hidden = size === 0
      const total = number(members.size)
      setText(count, size === members.size ? total : fill(words.part, { shown: number(size), total }))
    }
    report(visible.size, terms.length > 0 || chosen.some(({ size }) => size > 0))
  }

  function report(shown, narrowed) {
    const noun = findings.length === 1 ? words.one : words.other
    const total = fill(noun, { count: number(findings.length) })
    setText(byId('shown'), narrowed ? fill(words.part, { shown: number(shown), total }) : total)
    byId('none').hidden = shown > 0
    byId('clear').hidden = !narrowed
  }

  function clear() {
    search.value = ''
    for (const { box } of choices) box.checked = false
    filter()
  }

  function fold(open) {
    for (const { element } of findings) if (!element.hidden) element.open = open
  }

  function move(step) {
    const shown = findings.filter(({ element }) => !element.hidden).map(({ element }) => element)
    const current = shown.indexOf(document.activeElement.closest('details.finding'))
    const next = current < 0 ? shown[0] : shown[current + step]
    if (next === undefined) return
    next.querySelector('summary').focus({ preventScroll: true })
    next.scrollIntoView({ block: 'nearest' })
  }

${COPY_SCRIPT}

  function addCopyButtons(finding) {
    for (const command of all('pre.command:not(:has(+ button))', finding)) {
      const button = document.createElement('button')
      button.type = 'button'
      button.textContent = words.copy
      button.addEventListener('click', () => copy(button, command))
      command.after(button)
    }
  }

  // Thousands may be unfolded at once: only what is seen gets its buttons.
  const unfolded = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue
      unfolded.unobserve(target)
      addCopyButtons(target)
    }
  })

  function onKey(event) {
    const { key, target } = event
    if (event.ctrlKey || event.metaKey || event.altKey || byId('help').open) return
    const typing = target === search
    const arrow = key === 'ArrowDown' || key === 'ArrowUp'
    if (key === 'Escape') {
      clear()
      search.blur()
    } else if (key === '/' && !typing) {
      search.focus()
      search.select()
    } else if (key === '?' && !typing) {
      byId('help').showModal()
    } else if ((key === 'j' || key === 'k') && !typing) {
      move(key === 'j' ? 1 : -1)
    } else if (arrow && (target.matches('details.finding > summary') || (typing && key === 'ArrowDown'))) {
      move(key === 'ArrowDown' ? 1 : -1)
    } else {
      return
    }
    event.preventDefault()
  }

  if (search !== null) {
    byId('filters').hidden = false
    search.addEventListener('input', filter)
    for (const { box } of choices) box.addEventListener('change', filter)
    byId('clear').addEventListener('click', clear)
    byId('expand').addEventListener('click', () => fold(true))
    byId('collapse').addEventListener('click', () => fold(false))
    byId('help-open').addEventListener('click', () => byId('help').showModal())
    byId('help-close').addEventListener('click', () => byId('help').close())
    for (const { element } of findings) {
      element.addEventListener('toggle', () => unfolded[element.open ? 'observe' : 'unobserve'](element))
      if (element.open) unfolded.observe(element)
    }
    document.addEventListener('keydown', onKey)
    // A reloaded page may come back with what was typed.
    filter()
  }
}
`

/** Of the script above, as the page's policy names it. */
export const SCRIPT_HASH = 'sha256-rGugNQlHc5VuFjgw5hOKtrHQ5H8/OFZ765+dgVUUz/U='
