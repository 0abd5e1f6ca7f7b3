// A template as a form: fills in what is known, shows the text as it grows, and copies it.
// What a person has written is never written over.
for (const form of document.querySelectorAll(".rb-form")) {
  const name = form.dataset.template
  const message = JSON.parse(form.dataset.message)
  const known = document.getElementById("rb-known-now")
  const { zone } = known.dataset
  const say = JSON.parse(known.dataset.words)
  const duty = JSON.parse(known.dataset.duty)
  const text = form.parentElement.querySelector(".rb-template code")
  const copies = form.parentElement.querySelector(".rb-copies")
  const words = JSON.parse(copies.dataset.words)
  const done = copies.querySelector(".rb-done")
  const fields = [...form.querySelectorAll("[name]")].filter((field) => field.name !== "scenario")
  const field = (wanted) => form.elements.namedItem(wanted)
  const opened = Date.now()
  let insisted = null

  const when = (at) => (Number.isNaN(at) ? "" : moments.wall(at, zone))
  const startedAt = () => moments.instant(field("started").value, zone)

  // What each `known` of data/templates.yml says at this moment; empty for what cannot be said.
  const facts = {
    impact: (level) => level?.dataset.impact,
    started: () => when(Date.parse(fragment.read().started ?? "") || opened),
    due: (level) => level?.value && when(startedAt() + moments.milliseconds(level.dataset.due)),
    now: () => when(opened),
    lasted: () => {
      const minutes = Math.floor((moments.instant(field("ended")?.value ?? "", zone) - startedAt()) / 6e4)
      if (!(minutes >= 0)) return ""
      return say.lasted.replace("{hours}", Math.floor(minutes / 60)).replace("{minutes}", minutes % 60)
    },
    primary: (_, shift) => shift?.primary,
    reach: (_, shift) => shift?.reach,
    "next-update": (level) => {
      if (!level?.value || Number.isNaN(startedAt())) return ""
      const every = moments.milliseconds(level.dataset.every)
      return say.next.replace("{time}", when(moments.next(startedAt(), every, Date.now())).slice(5, 16))
    },
  }

  const control = (value, type) => (type === "datetime-local" ? value.replace(" ", "T") : value)

  const complete = () => {
    const now = Date.now()
    const shift = duty.find(({ since, until }) => Date.parse(since) <= now && now < Date.parse(until))
    const level = field("level").selectedOptions[0]
    const chosen = field("scenario").selectedOptions[0]?.dataset.fill
    const filled = chosen ? JSON.parse(chosen) : {}
    for (const one of fields) {
      if (one.dataset.touched) continue
      const fact = filled[one.name] ?? facts[one.dataset.known]?.(level, shift)
      if (fact !== undefined) one.value = control(fact, one.type)
    }
  }

  // As people read it: a moment with its seconds, whatever the control leaves out.
  const valueOf = (one) => {
    const value = one.value.trim()
    if (one.type !== "datetime-local" || !value) return value
    return value.replace("T", " ").padEnd(19, ":00")
  }
  const missing = () => fields.filter((one) => !valueOf(one))
  const values = () => Object.fromEntries(fields.map((one) => [one.name, valueOf(one) || words.blank]))
  const label = (one) => form.querySelector(`label[for="${one.id}"]`).textContent

  const show = () => {
    complete()
    text.textContent = formats.plain(message, values())
    for (const one of fields) if (valueOf(one)) one.removeAttribute("aria-invalid")
  }

  // True where the copy may go out: nothing is missing, or the person has said so twice.
  const allowed = (button) => {
    const open = missing()
    if (!open.length || insisted === button) return true
    insisted = button
    for (const one of open) one.setAttribute("aria-invalid", "true")
    done.textContent = words.missing
      .replace("{names}", open.map(label).join(words.item))
      .replace("{blank}", words.blank)
    done.classList.add("rb-problem")
    const first = open[0]
    if (first.closest("details")) first.closest("details").open = true
    first.focus()
    return false
  }

  form.addEventListener("input", ({ target }) => {
    target.dataset.touched = "yes"
    insisted = null
    show()
  })
  form.addEventListener("submit", (event) => event.preventDefault())
  copies.addEventListener("click", async ({ target }) => {
    const button = target.closest("button")
    if (!button) return
    show()
    if (!allowed(button)) return
    insisted = null
    done.classList.remove("rb-problem")
    const { format } = button.dataset
    if (format === "mailto" || format === "smsto") {
      location.href = formats[format](message, values(), copies.dataset.mailbox)
      return
    }
    const made =
      format === "mail"
        ? `${words.subject.replace("{subject}", formats.subject(message, values()))}\n\n${formats.plain(message, values())}`
        : formats[format](message, values())
    const copied = await copyText(made, done)
    done.textContent = copied ? words.copied.replace("{where}", button.textContent) : words.failed
    if (format === "sms") {
      done.textContent += words.size.replace("{count}", made.length).replace("{parts}", formats.parts(made))
    }
  })

  const told = fragment.read()
  for (const wanted of ["level", "scenario"]) {
    const options = [...field(wanted).options].map(({ value }) => value)
    if (options.includes(told[wanted])) field(wanted).value = told[wanted]
  }
  show()
  const mine = document.getElementById(`scenario=${told.scenario}`)?.form === form
  if (told.template ? told.template === name : mine) form.parentElement.scrollIntoView()
}
