// What a page was told, in the fragment of its address: it survives a reload, works from a file,
// and whoever opens the link sees the same.
const fragment = {
  read: () => Object.fromEntries(new URLSearchParams(location.hash.slice(1))),
  text: (state) => `#${new URLSearchParams(state)}`,
  // A step the reader can take back, or a correction of the one before.
  write: (state) => (location.hash = fragment.text(state)),
  amend: (state) => location.replace(fragment.text(state)),
}
