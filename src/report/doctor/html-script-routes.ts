/** Arrow keys in the map, what the pointer is on, and whose route a panel shows. */
export const ROUTE_SCRIPT = String.raw`
{
  const CELLS = 'table.matrix button'
  const readout = document.querySelector('.readout')
  const tables = all('table.matrix')
  const isShown = (element) => element.checkVisibility()

  const headsOf = (cell) => ({
    group: cell.parentElement.cells[0],
    model: cell.closest('table').tHead.rows[0].cells[cell.cellIndex],
  })

  // Panels are shared by all groups and models that take the same route.
  function name(button) {
    const panel = button.popoverTargetElement
    const { group, model } = headsOf(button.closest('td'))
    for (const [part, head] of [['group', group], ['model', model]]) {
      for (const place of all('.for-' + part, panel)) {
        place.replaceChildren(head.querySelector('bdi').cloneNode(true))
      }
    }
    const { tokens } = button.dataset
    const text = tokens === '1' ? words.token : words.tokens
    for (const place of all('.for-tokens', panel)) setText(place, text.replace('{count}', () => tokens))
  }

  function point(button) {
    for (const head of all('table.matrix .at')) head.classList.remove('at')
    setText(readout, button === null ? '' : button.getAttribute('aria-label'))
    if (button === null) return
    const { group, model } = headsOf(button.closest('td'))
    for (const head of [group, model]) head.classList.add('at')
  }

  function buttonIn(row, column) {
    return row?.cells[column]?.querySelector('button') ?? null
  }

  // The nearest cell that way; gaps and what is not shown are passed over.
  function seek(button, down, right) {
    const cell = button.closest('td')
    const rows = [...cell.closest('tbody').rows]
    let row = rows.indexOf(cell.parentElement)
    let column = cell.cellIndex
    for (;;) {
      row += down
      column += right
      if (rows[row]?.cells[column] === undefined) return null
      const next = buttonIn(rows[row], column)
      if (next !== null && isShown(next)) return next
    }
  }

  function last(button, down, right) {
    let found = button
    for (let next = button; next !== null; next = seek(next, down, right)) found = next
    return found
  }

  const STEPS = {
    ArrowUp: (button) => seek(button, -1, 0),
    ArrowDown: (button) => seek(button, 1, 0),
    ArrowLeft: (button) => seek(button, 0, -1),
    ArrowRight: (button) => seek(button, 0, 1),
    Home: (button) => last(button, 0, -1),
    End: (button) => last(button, 0, 1),
    PageUp: (button) => last(button, -1, 0),
    PageDown: (button) => last(button, 1, 0),
  }

  function onMove(event) {
    const button = event.target.closest(CELLS)
    const step = STEPS[event.key]
    if (button === null || step === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const next = step(button)
    if (next === null) return
    const isOpen = button.popoverTargetElement.matches(':popover-open')
    next.focus()
    if (isOpen) open(next)
  }

  function open(button) {
    name(button)
    const panel = button.popoverTargetElement
    if (!panel.matches(':popover-open')) panel.showPopover({ source: button })
    panel.scrollTop = 0
  }

  // One cell of each table is in the order of the Tab key.
  function rove(button) {
    const table = button.closest('table')
    table.querySelector('button[tabindex="0"]')?.setAttribute('tabindex', '-1')
    button.setAttribute('tabindex', '0')
  }

  for (const table of tables) {
    table.setAttribute('role', 'grid')
    const buttons = all('button', table)
    for (const button of buttons) button.setAttribute('tabindex', '-1')
    buttons[0]?.setAttribute('tabindex', '0')
    table.addEventListener('keydown', onMove)
    table.addEventListener('focusin', ({ target }) => {
      const button = target.closest(CELLS)
      if (button === null) return
      rove(button)
      point(button)
    })
    table.addEventListener('click', ({ target }) => {
      const button = target.closest(CELLS)
      if (button !== null) name(button)
    })
    table.addEventListener('pointerover', ({ target }) => point(target.closest(CELLS)))
    table.addEventListener('pointerleave', () => point(document.activeElement.closest(CELLS)))
  }
  for (const keys of all('.keys')) keys.hidden = false
}
`
