// Narrows the list of records. What was chosen stands in the address, so that it can be shared;
// without this script the form stays hidden, and every month has its page.
// The page holds the newest; older months are fetched a few at a time, and only where they may hold
// what was chosen, until enough is in sight.  One that is here and has not the word stays out of the page.
for (const form of document.querySelectorAll(".rb-filter")) {
  const ENOUGH = 20
  const AT_ONCE = 4
  const told = form.querySelector("[role=status]")
  const older = form.elements.older
  const nav = document.querySelector(".rb-months")
  const all = Number(form.dataset.all)
  const wordOf = (text) => (text ?? "").trim().toLowerCase()
  const same = (wanted, found) => !wanted || wanted === found
  const groups = new Map()
  const idOf = (group) => group.querySelector("h2").id
  const take = (group) =>
    groups.set(idOf(group), {
      group,
      text: (group.querySelector("h2").textContent + group.querySelector(".rb-told")?.textContent).toLowerCase(),
      items: [...group.querySelectorAll("li")].map((item) => ({ item, text: item.textContent.toLowerCase() })),
    })
  document.querySelectorAll("section.rb-incident").forEach(take)

  const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#34": '"' }
  const plain = (html) =>
    html.replace(/<[^>]*>/g, "").replace(/&(amp|lt|gt|quot|#39|#34);/g, (_, name) => ENTITIES[name]).toLowerCase()

  // The months that are not here yet, the newest first; the page of a month has no need of others.
  const listed = () => [...groups.values()].reduce((sum, { items }) => sum + items.length, 0)
  const months = listed() < all ? [...nav.querySelectorAll("a")].map((link) => ({ name: link.textContent.trim(), has: JSON.parse(link.dataset.has) })) : []
  let wantedUntil = ENOUGH
  let waiting = 0

  const chosen = () => Object.fromEntries([...new FormData(form)].filter(([, value]) => value))
  const mayHold = ({ has, words }, { since, until, text, ...fields }) => {
    if (words !== undefined && !words.includes(wordOf(text))) return false
    const [first, last] = has.days
    if ((since || until) && !(first && (!since || last >= since) && (!until || first <= until))) return false
    return Object.entries(fields).every(([name, value]) => has[name].includes(value))
  }

  const load = (some) => {
    waiting = some.length
    for (const month of some) {
      const script = document.createElement("script")
      script.src = `${month.name}.js`
      script.onload = script.onerror = () => {
        script.remove()
        month.html ??= "" // not to be had: nor asked for again
        month.words ??= ""
        waiting -= 1
        if (!waiting) narrow()
      }
      document.head.append(script)
    }
  }
  document.addEventListener("rb-month", ({ detail: { month, html } }) => {
    const fetched = months.find(({ name }) => name === month)
    if (fetched) Object.assign(fetched, { html, words: plain(html) })
  })
  const placed = new Map()
  const put = ({ name, html }) => {
    const part = document.createElement("template")
    part.innerHTML = html
    const found = [...part.content.querySelectorAll("section.rb-incident")].filter((one) => !groups.has(idOf(one)))
    if (!found.length) return
    // Months come as they are wanted; in the page the newer ones stay above the older ones.
    const older = [...placed.keys()].filter((other) => other < name).sort().at(-1)
    for (const group of found) {
      ;(placed.get(older) ?? nav).before(group)
      take(group)
    }
    placed.set(name, found[0])
  }

  const narrow = () => {
    const wanted = chosen()
    const { kind, severity, scenario, verdict, target, since, until, text } = wanted
    const word = wordOf(text)
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
    if (Object.keys(wanted).length) next = months.findIndex((month) => mayHold(month, wanted))
    if (next >= 0 && shown < wantedUntil) {
      if (months[next].html === undefined) {
        // Who holds a word is not known before it is here; what was chosen, each month tells.
        const more = months.filter((month) => month.html === undefined && mayHold(month, wanted))
        return load(more.slice(0, wanted.text ? AT_ONCE : 1))
      }
      put(months.splice(next, 1)[0])
      return narrow()
    }
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
