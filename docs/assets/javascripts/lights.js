// Colours the lights by the clock of the reader, and says in words what a colour means.
for (const light of document.querySelectorAll(".rb-lights li")) {
  const { at, amber, red, ago, words } = light.dataset
  const now = Date.now()
  const colour = now >= Date.parse(red) ? 2 : now >= Date.parse(amber) ? 1 : 0
  const minutes = (Date.parse(at) - now) / 6e4
  const [unit, size] = [["day", 1440], ["hour", 60], ["minute", 1]].find(
    ([, many]) => Math.abs(minutes) >= many || many === 1
  )
  const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" })
  light.className = `rb-light-${["green", "amber", "red"][colour]}`
  light.querySelector("span").textContent = ago.replace(
    "{ago}",
    relative.format(Math.trunc(minutes / size), unit)
  )
  light.querySelector("b").textContent = words.split("|")[colour]
}
