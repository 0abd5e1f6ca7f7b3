// Moments as the team reads them: pure functions, in the zone of the roster.
const moments = {
  // "2026-11-24 03:12:00": Swedish writes ISO dates.
  wall(at, zone) {
    const form = { timeZone: zone, dateStyle: "short", timeStyle: "medium" }
    return new Intl.DateTimeFormat("sv-SE", form).format(at)
  },

  // The instant at which the wall shows the text; NaN for no time. Twice, because the offset
  // of the first guess may be that of the other side of a change of the clocks.
  instant(text, zone) {
    const shown = (at) => Date.parse(`${moments.wall(at, zone).replace(" ", "T")}Z`)
    const wanted = Date.parse(`${text.replace(" ", "T")}Z`)
    if (Number.isNaN(wanted)) return NaN
    const guess = wanted - (shown(wanted) - wanted)
    return guess - (shown(guess) - wanted)
  },

  // Milliseconds of an ISO 8601 duration of days and smaller.
  milliseconds(duration) {
    const [, days, hours, minutes, seconds] = duration.match(
      /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/
    )
    return (((+days || 0) * 24 + (+hours || 0)) * 60 + (+minutes || 0)) * 6e4 + (+seconds || 0) * 1e3
  },

  // "14:32", "3:59:59": what a countdown shows.
  countdown(ms) {
    const seconds = Math.floor(Math.abs(ms) / 1e3)
    const two = (number) => String(number).padStart(2, "0")
    const [hours, rest] = [Math.floor(seconds / 3600), seconds % 3600]
    const minutes = Math.floor(rest / 60)
    return `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(rest % 60)}`
  },

  // The first of the beats `every` after `start` that is still to come.
  next(start, every, now) {
    return start + Math.max(1, Math.floor((now - start) / every) + 1) * every
  },
}
