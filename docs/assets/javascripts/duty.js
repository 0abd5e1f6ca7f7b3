// Moves the window of the duty list to the present. Without it the page shows the shifts of the
// day it was built, with their dates.
for (const list of document.querySelectorAll(".rb-duty")) {
  const shifts = [...list.querySelectorAll(".rb-shift")]
  const now = Date.now()
  const current = shifts.findIndex(
    ({ dataset }) => Date.parse(dataset.since) <= now && now < Date.parse(dataset.until)
  )
  const first = current < 0 ? 0 : current
  shifts.forEach((shift, index) => {
    shift.classList.toggle("rb-current", index === current)
    shift.classList.toggle("rb-near", index >= first && index < first + Number(list.dataset.shown))
  })
  const last = shifts.at(-1)
  if (!last || now >= Date.parse(last.dataset.until)) {
    list.classList.add("rb-expired")
    list.querySelector(".rb-stale").hidden = false
  }
}
