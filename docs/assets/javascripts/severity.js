// The questions that lead to a level, and the clocks of that level. All that was said stands in
// the fragment: `reach=P1&business=unsure&started=…`, or `level=P1` where somebody knew.
for (const picker of document.querySelectorAll(".rb-picker")) {
  const questions = [...picker.querySelectorAll(".rb-question")]
  const cards = [...document.querySelectorAll(".rb-level-card")]
  const levels = cards.map((card) => card.dataset.level) // the worst first
  const words = document.querySelector(".rb-level-cards").dataset
  const decided = document.querySelector(".rb-decided")
  const input = decided.querySelector("input")

  // The worst level that was named; nobody who is unsure is told it is harmless.
  const worst = (answers) => levels.find((level) => answers.includes(level)) ?? levels[0]

  const verdict = (state) => {
    if (levels.includes(state.level)) return state.level
    const answers = questions.map(({ dataset }) => state[dataset.question])
    const done = answers.includes(levels[0]) || answers.every(Boolean)
    return done ? worst(answers) : null
  }

  const reasons = (state) => {
    const said = questions.flatMap((question) => {
      const button = question.querySelector(`[value="${CSS.escape(state[question.dataset.question] ?? "")}"]`)
      return button && button.value !== "unsure" ? [button.querySelector("span:last-child").textContent] : []
    })
    const { said: form, unsure } = decided.querySelector(".rb-reasons").dataset
    return said.length ? form.replace("{reasons}", said.join(" · ")) : state.level ? "" : unsure
  }

  const tick = () => {
    const card = cards.find((one) => one.classList.contains("rb-picked"))
    if (!card) return
    const [now, start] = [Date.now(), Date.parse(fragment.read().started)]
    for (const row of card.querySelectorAll(".rb-clocks > div")) {
      const { due, every } = row.dataset
      const span = moments.milliseconds(due ?? every)
      const at = due ? start + span : moments.next(start, span, now)
      const left = row.querySelector(".rb-left")
      row.querySelector("time").textContent = moments.wall(at, words.zone).slice(5, 16)
      row.querySelector("time").dateTime = new Date(at).toISOString()
      left.textContent = (now <= at ? words.left : words.over).replace("{time}", moments.countdown(at - now))
      left.classList.toggle("rb-late", now > at)
    }
  }

  const show = () => {
    const state = fragment.read()
    const level = verdict(state)
    const open = questions.find(({ dataset }) => !state[dataset.question])
    if (level && Number.isNaN(Date.parse(state.started))) {
      fragment.amend({ ...state, started: new Date().toISOString() })
      return
    }
    for (const question of questions) question.hidden = Boolean(level) || question !== open
    decided.hidden = !level
    for (const card of cards) {
      card.classList.toggle("rb-picked", card.dataset.level === level)
      const link = card.querySelector("[data-write]")
      link.hash = fragment.text({ template: link.dataset.write, level: card.dataset.level, started: state.started ?? "" })
    }
    if (level) {
      decided.querySelector(".rb-reasons").textContent = reasons(state)
      input.value = moments.wall(Date.parse(state.started), words.zone).slice(0, 16).replace(" ", "T")
    }
    tick()
  }

  picker.addEventListener("click", ({ target }) => {
    const button = target.closest("button")
    if (!button) return
    const { question } = button.closest(".rb-question").dataset
    fragment.write({ ...fragment.read(), [question]: button.value })
  })
  decided.querySelector("button").addEventListener("click", async ({ currentTarget: button }) => {
    const done = decided.querySelector(".rb-done")
    const copied = await copyText(location.href, done)
    done.textContent = copied ? button.dataset.done : button.dataset.failed
  })
  input.addEventListener("change", () => {
    const started = moments.instant(input.value, words.zone)
    if (!Number.isNaN(started)) {
      fragment.amend({ ...fragment.read(), started: new Date(started).toISOString() })
    }
  })
  window.addEventListener("hashchange", show)
  show()
  setInterval(tick, 1000)
}
