// Whether something was looked at in time is asked when it is read, not when it was built.
for (const until of document.querySelectorAll("[data-until]:is(time, .rb-overdue)")) {
  const late = Date.now() > Date.parse(`${until.dataset.until}T23:59:59`)
  if (until.matches("time")) until.parentElement.querySelector(".rb-lapsed").hidden = !late
  else if (late) {
    document.querySelector("h1").after(until)
    until.hidden = false
  }
}
