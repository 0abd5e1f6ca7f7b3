// The search behind Material's search box, spoken to as Material speaks to its own worker: 0 sets
// it up, 2 asks, 1 and 3 answer.  Lunr takes `-d` and quotes in a pasted error for operators and
// cuts Chinese where it likes; here a query is words and nothing else.
// MiniSearch stands above this text: `runbook publish` puts the two into one file.

const PIECE = /\p{sc=Han}+|\+?\d+(?:-\d+)+|(?:(?!\p{sc=Han})[\p{L}\p{N}_])+/gu
const HAN = /^\p{sc=Han}/u
const PART = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g // CamelCase, snake_case, http2
const WEIGHTS = { title: 4, words: 3, page: 1.5, text: 1 }
const LONGEST = 400 // characters of a query; whoever pastes a whole log has said enough by then
const SHOWN = 90 // characters of an excerpt
const OTHER = 0.6 // what another word for the same is worth
const WRITTEN = 3 // words written for a page count more where they hold the whole query
const AT_ONCE = 50 // documents that are read before somebody may ask
const BESIDE = 2 // so many sections of a page are shown at once, the others when asked for

// What a piece of text is looked up by, each as [place, length, term].
function spans(piece, at) {
  if (HAN.test(piece)) {
    const pairs = Array.from(piece.slice(1), (_, i) => [at + i, 2, piece.slice(i, i + 2)])
    return piece.length === 1 ? [[at, 1, piece]] : pairs
  }
  const whole = terms => terms.map(term => [at, piece.length, term.toLowerCase()])
  if (/^[+\d-]+$/.test(piece)) {
    const digits = piece.replace(/\D/g, "")
    return whole([...piece.match(/\d+/g), digits, digits.replace(/^86(?=\d{10})/, "")])
  }
  const parts = piece.match(PART) ?? []
  return whole([piece, ...(parts.length > 1 ? parts.filter(part => part.length > 1) : [])])
}

const pieces = text => Array.from(text.matchAll(PIECE), match => spans(match[0], match.index))
const terms = text => [...new Set(pieces(text).flat().map(([, , term]) => term))]
// In the index every character of Chinese stands alone as well, for whoever types one.
// How often a text says it counts for nothing, and would be half of the work.
const indexed = text => [...new Set([...terms(text), ...(text.match(/\p{sc=Han}/gu) ?? [])])]

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#34": '"' }
const plain = html =>
  html.replace(/<[^>]*>/g, " ").replace(/&(amp|lt|gt|quot|#39|#34);/g, (_, name) => ENTITIES[name])
const escaped = text => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")
const blocks = html =>
  html.split(/<\/(?:p|li|pre)>/).map(one => plain(one).replace(/\s+/g, " ").trim()).filter(Boolean)
const isPage = doc => doc.location === doc.parent.location

const FIELDS = {
  location: doc => doc.location,
  title: doc => plain(doc.title),
  words: doc => (doc.words ?? []).join("\n"),
  page: doc => (isPage(doc) ? "" : plain(doc.parent.title)),
  text: doc => plain(doc.text),
}

let config, docs, index
let asked = "" // last

function setup(data) {
  config = data.config
  docs = new Map()
  const parents = new Map()
  for (const doc of data.docs) {
    const page = doc.location.split("#")[0]
    if (!parents.has(page)) parents.set(page, doc)
    docs.set(doc.location, { ...doc, parent: parents.get(page) })
  }
  index = new MiniSearch({
    idField: "location",
    fields: Object.keys(WEIGHTS),
    tokenize: indexed,
    extractField: (doc, field) => FIELDS[field](doc),
    searchOptions: {
      boost: WEIGHTS,
      tokenize: terms,
      combineWith: "AND",
      prefix: term => !HAN.test(term) && term.length > 1,
      fuzzy: term => (/^[a-z]{6,}$/.test(term) ? 0.2 : false),
    },
  })
  const past = doc => doc.location.startsWith("records/")
  index.addAll([...docs.values()].filter(doc => !past(doc)))
  readOn([...docs.values()].filter(past))
}

// What once was is read after what to do now, piece by piece, so that nobody waits for it; who has
// asked meanwhile is told what there was, and then once more.
function readOn(rest) {
  index.addAll(rest.splice(0, AT_ONCE))
  if (rest.length) setTimeout(readOn, 0, rest)
  else if (asked) answer(asked)
}

function answer(query) {
  asked = query
  postMessage({ type: 3, data: { items: search(query) } })
}

// The query as things asked for: each is what was typed, and every way to say it with its worth.
function wishes(query) {
  const found = []
  let rest = cut(query, config.ignored ?? []).rest
  if (!terms(rest).length) rest = query
  for (const group of config.synonyms ?? []) {
    const seen = cut(rest, group)
    const ways = () => [[seen.word, 1], ...others(seen.word, group)]
    if (seen.word) found.push({ typed: seen.word, asked: [{ ways: ways() }] })
    rest = seen.rest
  }
  for (const match of rest.matchAll(PIECE)) {
    const way = spans(match[0], 0).map(span => span[2])
    // Pairs of Chinese count one by one; the parts of a word are other ways to find it.
    const ways = way.map(term => [term, 1])
    const asked = HAN.test(match[0]) ? ways.map(one => ({ ways: [one] })) : [{ ways }]
    found.push({ typed: match[0], asked })
  }
  return found
}

// The other ways to say the word; a longer one is not worth more for its length.
function others(word, group) {
  const size = terms(word).length
  const worth = way => OTHER * Math.min(1, size / terms(way).length)
  return group.filter(way => way !== word).map(way => [way, worth(way)])
}

// The text without the words, and the first of them that stood in it; Latin ones only whole.
function cut(text, words) {
  let word = null
  for (const one of [...words].sort((a, b) => b.length - a.length)) {
    const source = one.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    const pattern = HAN.test(one) ? source : `(^|[^A-Za-z0-9_])${source}(?![A-Za-z0-9_])`
    const without = text.replace(new RegExp(pattern, "gi"), " ")
    if (without !== text) word ??= one
    text = without
  }
  return { rest: text, word }
}

function search(query) {
  const wanted = wishes(query)
  const asked = wanted.flatMap(wish => wish.asked)
  const whole = query.trim().toLowerCase()
  const pages = new Map()
  for (const [id, { score, met, seen }] of hits(asked)) {
    const doc = docs.get(id)
    const written = doc.words?.some(word => word.toLowerCase().includes(whole))
    const worth = (met.size / asked.length) ** 2 * (written ? WRITTEN : (doc.boost ?? 1))
    const found = wanted.map(wish => [
      wish.typed,
      2 * wish.asked.filter(one => met.has(one)).length >= wish.asked.length,
    ])
    const { location } = doc.parent
    const one = shown(doc, score * worth, seen, Object.fromEntries(found))
    pages.set(location, [...(pages.get(location) ?? []), one])
  }
  return [...pages]
    .map(([page, found]) => grouped(docs.get(page), found))
    .sort((a, b) => b[0].score - a[0].score)
}

// By document: what it scores, which of the things asked for it met, and the terms seen in it.
function hits(asked) {
  const found = new Map()
  for (const one of asked) {
    const best = new Map()
    for (const [way, worth] of one.ways)
      for (const { id, score, terms: seen } of index.search(way)) {
        const known = best.get(id) ?? { score: 0, seen: [] }
        const most = Math.max(known.score, score * worth)
        best.set(id, { score: most, seen: [...known.seen, ...seen] })
      }
    for (const [id, { score, seen }] of best) {
      const hit = found.get(id) ?? { score: 0, met: new Set(), seen: new Set() }
      hit.score += score
      hit.met.add(one)
      seen.forEach(term => hit.seen.add(term))
      found.set(id, hit)
    }
  }
  return found
}

// A page with its sections as Material shows them: the best at once, the page itself among them.
function grouped(page, found) {
  found.sort((a, b) => b.score - a.score)
  const best = found[0].score
  const sections = found.filter(one => one.parent).slice(0, BESIDE)
  const near = found.map(one => (sections.includes(one) ? { ...one, score: best } : one))
  const there = near.some(one => one.location === page.location)
  return there ? near : [...near, shown(page, 0, new Set(), {})]
}

function shown(doc, score, seen, met) {
  const texts = blocks(doc.text).map(text => ({ text, marks: marks(text, seen) }))
  const best = [...texts].sort((a, b) => b.marks.length - a.marks.length)[0]
  return {
    location: doc.location,
    title: marked(plain(doc.title), marks(plain(doc.title), seen)),
    text: best ? `<p>${excerpt(best)}</p>` : "",
    score,
    terms: met,
    ...(isPage(doc) ? {} : { parent: doc.parent }),
  }
}

const marks = (text, seen) => pieces(text).flat().filter(span => seen.has(span[2]))

function excerpt({ text, marks }) {
  const from = text.length > SHOWN && marks.length ? Math.max(0, marks[0][0] - (SHOWN >> 2)) : 0
  const part = text.slice(from, from + SHOWN)
  const moved = marks.map(([at, length, term]) => [at - from, length, term])
  return (from ? "…" : "") + marked(part, moved) + (from + SHOWN < text.length ? "…" : "")
}

function marked(text, marks) {
  const lit = new Set(marks.flatMap(([at, length]) => Array.from({ length }, (_, i) => at + i)))
  let html = ""
  for (let at = 0; at < text.length; at++) {
    if (lit.has(at) && !lit.has(at - 1)) html += "<mark>"
    html += escaped(text[at])
    if (lit.has(at) && (!lit.has(at + 1) || at + 1 === text.length)) html += "</mark>"
  }
  return html
}

addEventListener("message", ({ data: { type, data } }) => {
  if (type === 0) {
    setup(data)
    postMessage({ type: 1 })
  } else if (type === 2) answer(data.slice(0, LONGEST))
})
