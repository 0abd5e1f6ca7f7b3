// Narrows the list of records. What was chosen stands in the address, so that it can be shared;
// without this script the form stays hidden and the list is whole.
for (const form of document.querySelectorAll(".rb-filter")) {
  const told = form.querySelector("[role=status]")
  const groups = [...document.querySelectorAll("section.rb-incident")].map((group) => ({
    group,
    text: (group.querySelector("h2").textContent + group.querySelector(".rb-told")?.textContent).toLowerCase(),
    items: [...group.querySelectorAll("li")].map((item) => ({ item, text: item.textContent.toLowerCase() })),
  }))
  const all = groups.reduce((sum, { items }) => sum + items.length, 0)
  const same = (wanted, found) => !wanted || wanted === found

  const narrow = () => {
    const { kind, severity, scenario, verdict, target, since, until, text } = Object.fromEntries(new FormData(form))
    const word = (text ?? "").trim().toLowerCase()
    const ofRuns = scenario || verdict || target || since || until
    let shown = 0
    let any = false
    for (const { group, text: title, items } of groups) {
      const ours = same(kind, group.dataset.kind) && same(severity, group.dataset.severity)
      const named = title.includes(word)
      let inside = 0
      for (const { item, text: words } of items) {
        const { dataset } = item
        const fits =
          ours &&
          (named || words.includes(word)) &&
          same(scenario, dataset.scenario) &&
          same(verdict, dataset.verdict) &&
          same(target, dataset.target) &&
          (!since || dataset.day >= since) &&
          (!until || dataset.day <= until)
        item.hidden = !fits
        inside += fits
      }
      group.hidden = !(inside || (ours && named && !ofRuns && !items.length))
      any ||= !group.hidden
      shown += inside
    }
    told.textContent = any
      ? told.dataset.told.replace("{shown}", shown).replace("{all}", all)
      : told.dataset.none
  }

  const remember = () => {
    const chosen = [...new FormData(form)].filter(([, value]) => value)
    history.replaceState(null, "", chosen.length ? `#${new URLSearchParams(chosen)}` : location.pathname)
  }
  const recall = () => {
    for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
      if (form.elements[name]) form.elements[name].value = value
    }
    narrow()
  }

  form.addEventListener("input", () => (narrow(), remember()))
  form.addEventListener("reset", () => setTimeout(() => (narrow(), remember())))
  form.addEventListener("submit", (event) => event.preventDefault())
  window.addEventListener("hashchange", recall)
  form.hidden = false
  recall()
}
