// Keeps the handbook on the phone.  The network comes first, so that nothing old is shown while
// there is something new; what it does not bring in time, the copy does.  `runbook publish` writes
// VERSION, FILES and NOT_KEPT above this text: another site is another version, and another worker.
"use strict"

const PATIENCE = 3000 // ms: long enough for a slow line, short enough at 03:00
const KEPT = `runbook-${VERSION}`
const VISITED = "runbook-visited" // records somebody has opened, which are not in FILES
const MOST_VISITED = 50

self.addEventListener("install", event => {
  const fresh = FILES.map(file => new Request(file, { cache: "reload" }))
  const kept = caches.open(KEPT).then(cache => cache.addAll(fresh))
  event.waitUntil(kept.then(() => self.skipWaiting()))
})

self.addEventListener("activate", event => {
  event.waitUntil(forgetOthers().then(() => self.clients.claim()))
})

self.addEventListener("fetch", event => {
  const { method, url } = event.request
  if (method === "GET" && url.startsWith(self.registration.scope)) event.respondWith(answer(event))
})

async function forgetOthers() {
  const names = await caches.keys()
  const old = names.filter(name => name.startsWith("runbook-") && ![KEPT, VISITED].includes(name))
  await Promise.all(old.map(name => caches.delete(name)))
}

async function answer(event) {
  const page = address(event.request.url)
  // The browser's own cache may hold a page for days; only the server knows whether it changed.
  const network = fetch(event.request, { cache: "no-cache" }).then(async response => {
    if (response.ok) await keep(page, response.clone())
    return response
  })
  event.waitUntil(network.catch(() => {}))
  const late = new Promise(resolve => setTimeout(resolve, PATIENCE))
  const inTime = await Promise.race([network.catch(() => {}), late])
  if (inTime?.status < 500) return inTime // a gateway without a backend knows less than the copy
  const copy = await caches.match(page)
  if (copy) return copy
  return network.catch(() => (event.request.mode === "navigate" ? notKept() : Response.error()))
}

async function keep(page, response) {
  const kept = await caches.open(KEPT)
  if (await kept.match(page)) return kept.put(page, response)
  const visited = await caches.open(VISITED)
  await visited.put(page, response)
  const [oldest, ...others] = await visited.keys()
  if (others.length >= MOST_VISITED) await visited.delete(oldest)
}

// A page has one address, whatever was searched for on it; a folder is its first page.
function address(url) {
  const { origin, pathname } = new URL(url)
  return origin + pathname.replace(/\/$/, "/index.html")
}

function notKept() {
  const html = NOT_KEPT.replace('href="./"', `href="${self.registration.scope}"`)
  const headers = { "Content-Type": "text/html; charset=utf-8" }
  return new Response(html, { status: 503, headers })
}
