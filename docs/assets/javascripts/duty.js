// Shows whom to call now. The cards are the data: all that is coming stands in the page, with its
// dates, and can be read without this script.
{
  const MINUTE = 60_000 // a clock that was set, or a device that slept, is noticed within it

  const lists = [...document.querySelectorAll(".rb-duty")].map((list) => ({
    list,
    shifts: [...list.querySelectorAll(".rb-shift")].map((card) => ({
      card,
      since: Date.parse(card.dataset.since),
      until: Date.parse(card.dataset.until),
    })),
  }))

  const show = ({ list, shifts }, now) => {
    const late = !shifts.some(({ until }) => now < until)
    const current = shifts.findIndex(({ since, until }) => since <= now && now < until)
    const first = Math.max(current, 0)
    const after = first + Number(list.dataset.shown)
    shifts.forEach(({ card }, index) => {
      card.classList.toggle("rb-current", index === current)
      card.classList.toggle("rb-near", !late && first <= index && index < after)
    })
    list.querySelector(".rb-late").hidden = !late
    list.querySelector(".rb-early").hidden = late || current >= 0
  }

  let timer
  const update = () => {
    const now = Date.now()
    const edges = lists.flatMap(({ shifts }) => shifts.flatMap(({ since, until }) => [since, until]))
    const waits = edges.map((edge) => edge - now).filter((wait) => wait > 0)
    lists.forEach((one) => show(one, now))
    clearTimeout(timer)
    timer = setTimeout(update, Math.min(MINUTE, ...waits))
  }

  if (lists.length) {
    update()
    for (const back of ["visibilitychange", "pageshow"]) addEventListener(back, update)
  }
}
