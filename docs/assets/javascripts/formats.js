// A message in the markup of each place it is pasted into: pure functions from a template and what
// fills it to a text. A label of the template may be set in bold; what people wrote never is markup.
const formats = (() => {
  const fill = (text, value) => text.replace(/\{([a-z_]+)\}/g, (_, name) => value(name))
  const dressed = (text, title, label) =>
    text.replace(/^.+/, title).replace(/^([^\n{}:：]+[:：])(?=\s|$)/gm, label)
  const line = (text) => text.replace(/\s+/g, " ").trim()

  const entities = (text) => text.replace(/[&<>]/g, (one) => `&${{ "&": "amp", "<": "lt", ">": "gt" }[one]};`)
  const backslashes = (text) => entities(text.replace(/[\\`*_[\]#~]/g, "\\$&"))
  // WeCom and Feishu know no escape: a full-width twin stands for what would be read as markup.
  const twin = (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0)
  const tagless = (text) => text.replace(/<(?=[@/!a-z])/gi, twin)
  const twins = (text) => tagless(text).replace(/[*`[\]]|^[#>]/gm, twin)

  const markdown = (escape, newline) => ({ text }, values) =>
    fill(dressed(text, "### $&", "**$1**"), (name) => escape(values[name])).replace(/\n/g, newline)

  const plain = ({ text }, values) => fill(text, (name) => values[name])
  const subject = (message, values) => line(fill(message.subject, (name) => values[name]))
  const sms = ({ short }, values) => line(fill(short, (name) => values[name]))

  return {
    plain,
    subject,
    sms,
    // https://api.slack.com/reference/surfaces/formatting#escaping
    slack: ({ text }, values) => fill(dressed(text, "*$&*", "*$1*"), (name) => entities(values[name])),
    wecom: markdown(twins, "\n"),
    dingtalk: markdown(backslashes, "  \n"), // a single line end is no line end there
    feishu: (message, values) => plain(message, Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, tagless(value)])
    )),
    mailto: (message, values, mailbox) =>
      `mailto:${mailbox}?subject=${encodeURIComponent(subject(message, values))}` +
      `&body=${encodeURIComponent(plain(message, values).replace(/\n/g, "\r\n"))}`,
    smsto: (message, values) => `sms:?body=${encodeURIComponent(sms(message, values))}`,
    // 70 characters of UCS-2 in one SMS, 67 in each of several.
    parts: (text) => (text.length <= 70 ? 1 : Math.ceil(text.length / 67)),
  }
})()
