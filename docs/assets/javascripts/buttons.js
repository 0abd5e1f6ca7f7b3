// A button on every command and text to copy. The theme's own measures each of them again and
// again: on a page of fifty commands that is half of the work before a finger is answered.
{
  const { translations: words } = JSON.parse(document.getElementById("__config").textContent)
  const name = (button, word) => {
    button.title = words[word]
    button.setAttribute("aria-label", words[word])
  }

  for (const code of document.querySelectorAll("pre > code")) {
    const button = document.createElement("button")
    Object.assign(button, { type: "button", className: "md-code__button" })
    button.dataset.mdType = "copy"
    name(button, "clipboard.copy")
    const corner = document.createElement("div")
    corner.className = "md-code__nav"
    corner.append(button)
    code.before(corner)
    button.addEventListener("click", async () => {
      const copied = await copyText(code.textContent.trimEnd(), corner)
      button.classList.toggle("rb-copied", copied)
      if (copied) name(button, "clipboard.copied")
    })
    button.addEventListener("blur", () => {
      button.classList.remove("rb-copied")
      name(button, "clipboard.copy")
    })
  }
}
