// What is wrong with the page around it, as sentences; none where foreign text is only text.
([scope, root, alone]) => {
  const wrong = new Set();
  const parts = [...document.querySelectorAll(scope + ", " + scope + " *")];
  document.querySelectorAll("details").forEach(one => (one.open = true));
  const events = ["mouseover", "pointerenter", "focus", "click", "load", "error", "toggle", "begin"];
  for (const one of parts) {
    const name = one.localName;
    if (/^(script|iframe|frame|frameset|object|embed|form|input|button|select|textarea|base|link|audio|video|source|foreignobject|animate|set|use|image|math|template|marquee|area|map|applet|plaintext|xmp|noscript)$/i.test(name) && !(alone === false && name === "script"))
      wrong.add(`element ${name}`);
    if (name === "meta" && /refresh/i.test(one.httpEquiv)) wrong.add("refresh");
    if (name === "style" && one !== document.querySelector("head > style")) wrong.add("a second style");
    for (const { name: key, value } of one.attributes) {
      if (/^on|^style$|^srcdoc$|^srcset$|^formaction$|^ping$|^target$|^xlink|^name$/i.test(key) && !(key === "name" && name === "meta"))
        wrong.add(`attribute ${key} of ${name}`);
      if (key === "src" && !value.startsWith("data:image/")) wrong.add(`source ${value}`);
      if (key === "href" && !new URL(value, location).href.startsWith(root)) wrong.add(`leads to ${value}`);
    }
    if (alone) {
      const style = getComputedStyle(one);
      if (!/^(static|relative)$/.test(style.position) || style.zIndex !== "auto") wrong.add(`${name} covers`);
    }
    if (!one.closest("a[href]") && name !== "summary")
      events.forEach(kind => one.dispatchEvent(new Event(kind, { bubbles: false })));
  }
  const acts = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;
  if (acts.test(document.documentElement.outerHTML)) wrong.add("raw control " + escape(acts.exec(document.documentElement.outerHTML)[0]));
  for (const one of document.querySelectorAll(alone ? "nav a, h1, main > section, main > h2, footer" : ".rb-records a, .rb-incident")) {
    one.scrollIntoView();
    const box = one.getBoundingClientRect();
    if (!box.width || !box.height) { if (!one.closest(".prose")) wrong.add(`${one.localName} cannot be seen`); continue; }
    const hit = document.elementFromPoint(box.left + Math.min(20, box.width / 2), Math.max(1, box.top + Math.min(4, box.height / 2)));
    if (alone && !(hit && (one.contains(hit) || hit.contains(one)))) wrong.add(`${one.localName} is covered by ${hit && hit.outerHTML.slice(0, 60)}`);
  }
  if (document.documentElement.scrollWidth > innerWidth) wrong.add(`${document.documentElement.scrollWidth} wide`);
  if (window.pwned !== undefined) wrong.add("pwned");
  return [...wrong];
}
