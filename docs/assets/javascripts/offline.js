// Over HTTP the site installs itself: a service worker keeps it, the manifest puts it on the home
// screen. From file:// there is nothing to do: all of it is here.
if (location.protocol !== "file:") {
  const { base } = JSON.parse(document.getElementById("__config").textContent)
  const root = new URL(`${base}/`, location)
  const manifest = document.createElement("link")
  manifest.rel = "manifest"
  manifest.href = new URL("manifest.webmanifest", root)
  document.head.append(manifest)
  // Where there is no worker (`make serve`) or no secure context, the site works as any other.
  navigator.serviceWorker?.register(new URL("sw.js", root)).catch(() => {})
}
