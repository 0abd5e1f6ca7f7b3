// The text on the clipboard. Where the browser has none to offer, as from some files, an older way;
// where that fails too, the text stays selected in a box below `place`. True when it was copied.
async function copyText(text, place) {
  document.querySelector(".rb-selected")?.remove()
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const box = document.createElement("textarea")
    Object.assign(box, { className: "rb-selected", value: text, readOnly: true, rows: 6 })
    box.setAttribute("aria-label", place.textContent)
    place.after(box)
    box.select()
    const copied = document.execCommand("copy")
    if (copied) box.remove()
    return copied
  }
}
