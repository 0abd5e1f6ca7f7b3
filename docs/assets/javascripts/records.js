// Narrows the list of records. What was chosen stands in the address, so that it can be shared;
// without this script the form stays hidden, and every month has its page.
// The page holds the newest; older months are loaded one by one, and only where they may hold what
// was chosen, until enough is in sight.
for (const form of document.querySelectorAll(".rb-filter")) {
  const ENOUGH = 20
  const told = form.querySelector("[role=status]")
  const older = form.elements.older
  const nav = document.querySelector(".rb-months")
  const all = Number(form.dataset.all)
  const same = (wanted, found) => !wanted || wanted === found
  const groups = new Map()
  const take = (group) =>
    groups.set(group.querySelector("h2").id, {
      group,
      text: (group.querySelector("h2").textContent + group.querySelector(".rb-told")?.textContent).toLowerCase(),
      items: [...group.querySelectorAll("li")].map((item) => ({ item, text: item.textContent.toLowerCase() })),
    })
  document.querySelectorAll("section.rb-incident").forEach(take)

  // The months that are not here yet, the newest first; the page of a month has no need of others.
  const listed = () => [...groups.values()].reduce((sum, { items }) => sum + items.length, 0)
  const months = listed() < all ? [...nav.querySelectorAll("a")].map((link) => ({ name: link.textContent.trim(), has: JSON.parse(link.dataset.has) })) : []
  let wantedUntil = ENOUGH
  let waiting = false

  const chosen = () => Object.fromEntries([...new FormData(form)].filter(([, value]) => value))
  const mayHold = ({ has }) => {
    const { since, until, text, ...fields } = chosen()
    const [first, last] = has.days
    if ((since || until) && !(first && (!since || last >= since) && (!until || first <= until))) return false
    return Object.entries(fields).every(([name, value]) => has[name].includes(value))
  }

  const load = ({ name }) => {
    waiting = true
    const script = document.createElement("script")
    script.src = `${name}.js`
    script.onload = script.onerror = () => {
      script.remove()
      waiting = false
      narrow()
    }
    document.head.append(script)
  }
  document.addEventListener("rb-month", ({ detail }) => {
    const part = document.createElement("template")
    part.innerHTML = detail.html
    for (const group of part.content.querySelectorAll("section.rb-incident")) {
      if (groups.has(group.querySelector("h2").id)) continue
      nav.before(group)
      take(group)
    }
  })

  const narrow = () => {
    const { kind, severity, scenario, verdict, target, since, until, text } = chosen()
    const word = (text ?? "").trim().toLowerCase()
    const ofRuns = scenario || verdict || target || since || until
    let shown = 0
    let any = false
    for (const { group, text: title, items } of groups.values()) {
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
    if (waiting) return
    let next = -1
    if (Object.keys(chosen()).length) next = months.findIndex(mayHold)
    if (next >= 0 && shown < wantedUntil) return load(months.splice(0, next + 1).pop())
    older.hidden = next < 0
    const words = next >= 0 ? told.dataset.some : any ? told.dataset.told : told.dataset.none
    told.textContent = words.replace("{shown}", shown).replace("{all}", all)
    older.onclick = () => {
      wantedUntil = shown + ENOUGH
      narrow()
    }
  }

  const remember = () => {
    const given = Object.entries(chosen())
    history.replaceState(null, "", given.length ? `#${new URLSearchParams(given)}` : location.pathname)
  }
  const recall = () => {
    for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
      if (form.elements[name]) form.elements[name].value = value
    }
    changed()
  }
  const changed = () => {
    wantedUntil = ENOUGH
    narrow()
  }

  form.addEventListener("input", () => (changed(), remember()))
  form.addEventListener("reset", () => setTimeout(() => (changed(), remember())))
  form.addEventListener("submit", (event) => event.preventDefault())
  window.addEventListener("hashchange", recall)
  form.hidden = false
  recall()
}
