// Keeps the time of whoever looks for the cause, and compares what they say with what was true.
"use strict"
const one = (selector) => document.querySelector(selector)
const all = (selector) => [...document.querySelectorAll(selector)]
const steps = all(".step"), choices = all("#answer input"), conclusion = one("#conclusion")
const bar = one(".bar"), button = one("button"), compared = one(".compared")
const words = compared.dataset
let began, ended

const seen = () => steps.filter((step) => step.dataset.at).length
const elapsed = () => Math.floor(((ended ?? Date.now()) - (began ?? Date.now())) / 1000)
const clock = () => `${Math.floor(elapsed() / 60)}:${String(elapsed() % 60).padStart(2, "0")}`

function tick() {
  bar.querySelector(".time").textContent = clock()
  bar.querySelector(".count").textContent = `${seen()} / ${steps.length}`
}

for (const step of steps)
  step.addEventListener("toggle", () => {
    if (!step.open || step.dataset.at || ended) return
    began ??= Date.now()
    step.dataset.at = clock()
    const at = document.createElement("small")
    at.textContent = step.dataset.at
    step.querySelector("summary").append(at)
    tick()
  })

function say(word, title) {
  const line = document.createElement("li")
  line.textContent = `${word} ${title}`
  compared.querySelector("ul").append(line)
}

function judge() {
  const title = (choice) => choice.nextElementSibling.textContent
  const ticked = choices.filter((choice) => choice.checked)
  const is = (state) => (choice) => choice.dataset.state === state
  const confirmed = choices.filter(is("confirmed"))
  const right = ticked.filter((choice) => (choice.value ? is("confirmed")(choice) : !confirmed.length))
  const missed = confirmed.filter((choice) => !choice.checked)
  const maybe = ticked.filter(is("probable"))
  const extra = ticked.filter((choice) => !right.includes(choice) && !maybe.includes(choice))
  const exact = right.length && !missed.length && !extra.length
  const result = !ticked.length ? "silent" : exact ? "exact" : right.length ? "partly" : "wrong"
  const took = words.took.replace("{time}", clock()).replace("{seen}", seen()).replace("{all}", steps.length)
  compared.querySelector(".result").textContent = `${words[result]} ${took}`
  for (const [word, found] of Object.entries({ right, missed, probable: maybe, extra }))
    for (const choice of found) say(words[word], title(choice))
  compared.hidden = false
}

conclusion.addEventListener("toggle", () => {
  if (ended) return
  ended = Date.now()
  tick()
  judge()
  for (const choice of choices) choice.disabled = true
  button.disabled = true
})

button.addEventListener("click", () => {
  conclusion.open = true
  conclusion.scrollIntoView()
})
bar.hidden = button.hidden = false
setInterval(tick, 500)
tick()
