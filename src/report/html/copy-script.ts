/** Part of the pages' scripts: puts a command on the clipboard, or selects it where that is refused. */
export const COPY_SCRIPT = String.raw`  function copy(button, command) {
    const say = (text) => {
      button.textContent = text
      setTimeout(() => (button.textContent = words.copy), 1500)
    }
    const select = () => {
      getSelection().selectAllChildren(command)
      say(words.selected)
    }
    if (!navigator.clipboard) return select()
    navigator.clipboard.writeText(command.textContent).then(() => say(words.copied), select)
  }`
