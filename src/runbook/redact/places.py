"""What is secret by where it stands: after its name, in an address, a header, a command."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache


@dataclass(frozen=True)
class Rule:
    """A pattern for a text in lower case, whose groups are the secrets alone.

    A text has one of the `hints` wherever the pattern is found.  An `exact` one is for the text as
    it stands.
    """

    hints: tuple[str, ...]
    regex: str
    exact: bool

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern, compiled once it is needed: few texts have any of the hints."""
        return re.compile(self.regex)


def _rule(*hints: str, pattern: str) -> Rule:
    return Rule(hints, pattern, exact=False)


def _exact(*hints: str, pattern: str) -> Rule:
    return Rule(hints, pattern, exact=True)


# Every alternative of a name begins with a letter: so it is looked for where that letter stands.
_CHINESE = "口令|密码|密钥|密匙|令牌|秘钥|私钥|凭证|凭据|授权码|验证码"
_PASSES = r"password|passwords|passwd|passphrase|passcode|pwd|bindpw|requirepass|masterauth"
_PASSES += r"|_pass|-pass(?<=[a-z]-pass)|_pw|-pw(?<=[a-z]-pw)"
_KEY = "|".join(
    rf"{whose}[ _-]?key(?:-data)?"
    for whose in (
        *(
            "access",
            "account",
            "aes",
            "api",
            "app",
            "application",
            "auth",
            "client",
            "cookie",
            "deploy",
        ),
        *("encryption", "hash", "hmac", "license", "master", "private", "secret", "session"),
        *("shared", "signing", "ssh", "storage", "subscription"),
    )
)
_WORDS = "|".join(rf"{word}(?<![a-z]{word})" for word in ("pin", "salt", "seed", "otp", "pass"))
_OTHER = r"jwt(?<!-jwt)|token|credentials|credential|secret|_auth|-auth|_ak|_sk"
_OTHER += r"|sessionid|sessid|session_id|connect\.sid"
_NAME = (
    rf"(?:{_PASSES}|{_KEY}|{_OTHER}|{_CHINESE})"
    r"(?:[_-]?(?:base|value|old|new|prod|test|\d{1,2})(?![a-z]))?"
)
_HINTS = (
    *("pass", "pwd", "pw", "key", "secret", "token", "jwt", "cred", "auth", "sess", ".sid", "_ak"),
    *("_sk", "salt", "seed", "pin", "otp", *_CHINESE.split("|")),
)

# What stands there and is no secret: nothing, stars, a place to fill in, a path, code.
_NONE = (
    r"(?!(?:null|none|nil|true|false|undefined|on|off|yes|no|required|missing|expired|invalid"
    r"|str|bytes|string|basic|bearer|md5|bcrypt|(?:scram-)?sha-?\d+|\d+\.\d+)(?![\w.-])"
    r"|[a-z_][\w.]*\.(?:password|passwd|secret|token|key)\b|#[0-9a-f]{6}\b"
    r"|/(?:[a-z_.-]+/)+[\w.-]*(?![\w+=/])"
    r"|[*•]+(?![\w*•])|\$\{?\w+\}?(?![\w$])|\{\{?[\w. ]*\}|%[sr]|%\(\w+\)s|<[\w ]+>"
    r"|(?:self|cls|os|env|config|settings|process|kwargs|args|request|options|this)\.\w"
    r"|[a-z]+(?:[._][a-z]+)+\([^()\n]*\))"
)
# A quotation may be cut off in the middle.
_QUOTED = (
    r"'''[^\n]+?'''|\"\"\"[^\n]+?\"\"\"|\\+\"[^\"\n]*?\\+\"|\\+'[^'\n]*?\\+'"
    r"|\"(?:\\.|[^\"\\\n])*(?:\"|$)|'(?:''|\\.|[^'\\\n])*(?:'|$)|`[^`\n]+`"
    r"|“[^”\n]+”|「[^」\n]+」|\$\w*\$[^$\n]+\$\w*\$|\{[^{}\n\"']*\}[^{}\n\"']*\}(?=;|$)"
)
# A mark amid a bare value belongs to it, unless what follows is the next name.
_NEXT = r"\\?[\w.-]+\\?[\"']?\s*[=:]|[\s\"'`,;&<>()\[\]{}\\]|/|$"
_BARE = (
    r"(?:[^\s\"'`,;&<>()\[\]{}，。；、“”「」]"
    rf"|[\"',;&()\[\]{{}}](?!{_NEXT})|<(?!/?[a-z][^<>\n]*>|{_NEXT})|>(?!{_NEXT}))+"
)
_VALUE = rf"{_NONE}(?:[bruf]{{1,2}}|e)?((?:{_QUOTED})|{_BARE})"
_EQUALS = (
    r"(?:\\*[\"'`]|\*\*)?\]?\s*(?::\s*(?:str|bytes)\s*)?(?:=>|:=|\|\||[=:：＝])[ \t]*"
    r"(?:[|>][+-]?[ \t]*\n\s+|\w*[(\[]\s*(?=[\"'])|\{\s*\\*[\"']\w+\\*[\"']:\s*){0,2}"
)
# Between name and value in prose, tables, tuples: marks, Chinese, the smallest words.
_BETWEEN = (
    r"(?![-/.a-z0-9_])(?:[^\w\n/};]|[\u3400-\u9fff]|\n\s*(?=[\"'])"
    r"|(?<![a-z0-9_])(?:is|was|to|as|set|b|u)(?![a-z0-9_])){1,24}?"
)
_LETTER = r"[!#-%*+\-./0-:?@A-Z\\^_a-z~]"
_LIKELY = (
    r"(?!\d{4}-\d\d-|(?:scram-)?sha-?\d|md5\b|https?[:/]|#[0-9a-f]{6}\b"
    r"|/(?:[a-z0-9_.-]+/)+[\w.-]*(?![\w+=/]))"
    rf"((?={_LETTER}{{0,60}}[\d!#$%^*+~@])(?={_LETTER}{{0,60}}[a-z]){_LETTER}{{6,}}=*)"
)
_BECOMES = r"[^\w\n]?[是为：改成设重置了]+"
_SHORTEST = 4  # characters

_ANY_NAME = re.compile(rf".*(?:{_NAME}|{_WORDS}|authorization|auth|cookies?)")
_NOTHING = re.compile(rf"(?!{_NONE})")


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Whether what has this name is a secret."""
    return _ANY_NAME.fullmatch(name.lower()) is not None


def is_nothing(value: str) -> bool:
    """Whether the value only says that there is no secret, or where it comes from."""
    return len(value) < _SHORTEST or _NOTHING.match(value.lower()) is not None


_SCHEME = r"\b[a-z][a-z0-9+._-]{0,30}://"
_KEY_BLOCK = r"[a-z0-9 ]*private key(?: block)?-----"

RULES: tuple[Rule, ...] = (
    # The password of a URL or DSN; a port is followed by a slash.
    _rule(
        "://",
        pattern=rf"{_SCHEME}[^\s:/@\"'<>]{{0,100}}:((?!\d+/)[^\s\"'<>]{{1,300}})@(?=[\w.\[*/-])",
    ),
    _rule("://", pattern=rf"{_SCHEME}([^\s:/@\"'<>]{{20,300}})@"),
    _rule(
        "://",
        pattern=rf"{_SCHEME}[^\s:/@\"'<>]{{1,100}}:((?![${{%<]|\d+\W*$)[^\s\"'<>/]{{4,300}})$(?![\s\S])",
    ),
    _rule("@tcp(", "@unix(", pattern=r"[\w.-]+:([^\s\"'@]+)@(?:tcp|unix)\("),
    _rule("jdbc:oracle", pattern=r"jdbc:oracle:\w+:[^/\s]+/([^@\s]+)@"),
    # What libpq and urllib say of an address whose password was not encoded.
    _rule("connection info", pattern=r"after \"([^\"\n]+)\" in connection info"),
    _rule("host name", pattern=r"host name \"([^\"\n]+)@"),
    _rule("invalid", "cast", pattern=r"(?:invalid integer value|value as) [\"']([^\"'\n]+)[\"']"),
    # Addresses that are themselves the permission to write there.
    _rule("hooks.slack", pattern=r"hooks\.slack\.com/(?:services|workflows|triggers)/([\w/-]+)"),
    _rule("send?key", pattern=r"webhook/send\?key=([\w-]+)"),
    _rule("/v2/hook/", pattern=r"/bot/v2/hook/([\w-]{8,})"),
    _rule("/webhooks/", pattern=r"discord(?:app)?\.com/api/webhooks/\d+/([\w-]+)"),
    _rule("webhook.office", pattern=r"webhook\.office\.com/([^\s\"'<>]+)"),
    _rule(
        *("sig=", "sign=", "signature="),
        pattern=r"(?:[?&](?:sig|sign|signature|x-\w+-signature)|\bsignature)=([^&\s\"'<>]+)",
    ),
    _rule(
        *("code=", "code_verifier", "assertion="),
        pattern=r"(?:[?&]code|\bcode_verifier|\bassertion)=([^&\s\"'<>]{16,})",
    ),
    # A name and its value: password = x, "password": "x", <password>x</password>, 密码是 x.
    _rule(*_HINTS, pattern=rf"{_NAME}(?:{_EQUALS}{_VALUE}|{_BETWEEN}{_LIKELY})"),
    _rule("pass", "pwd", pattern=rf"(?:{_PASSES})\s+(?=[\"'$e]){_VALUE}"),
    _rule("pass", pattern=r"[\"']pass\\*[\"']\s*(?:[=:]|=>)\s*\\*[\"']([^\"'\n]+)"),
    _rule(
        *("pin", "salt", "seed", "otp", "pass"),
        pattern=rf"(?:{_WORDS}|(?<!by)(?<!com)(?<!sur)pass)\\*[\"']?\s*[=:]\s*\\*[\"']?"
        rf"(?:(\d{{4,8}})\b|{_LIKELY})",
    ),
    _rule(
        *_CHINESE.split("|"),
        pattern=rf"(?:{_CHINESE})(?:{_BECOMES}\s*([!-~]{{4,}}|“[^”]+”|「[^」]+」)|{_LIKELY})",
    ),
    _rule("pass", pattern=rf"(?:{_PASSES})(?: [\w@.-]{{1,40}}){{1,6}}: {_LIKELY}"),
    _rule("</", pattern=rf"<[\w:.-]*{_NAME}(?:\s[^<>]*)?>(?:<!\[cdata\[)?([^<>\]]+)"),
    _rule("value", pattern=rf"{_NAME}\\*[\"']?[,\s]\s*\\*[\"']?value\\*[\"']?\s*[=:]\s*{_VALUE}"),
    _rule("secret value", pattern=r"secret\s+value=[\"']([^\"'<>]+)"),
    _rule(
        *("pass", "pwd", "secret"),
        pattern=rf"(?m)^[ \t-]*[\w.-]*(?:{_PASSES}|secret):[ \t]+{_NONE}"
        r"([^\s\"'|>][^\n=:,{}\[\]]+)$",
    ),
    _rule(
        *("_key", "-key"),
        pattern=r"(?<!public)(?<!primary)(?<!foreign)(?<!cache)(?<!sort)(?<!partition)"
        r"(?<!idempotency)[_-]key\\?[\"']?\s*[=:]\s*\\?[\"']?"
        r"((?=[\w+/-]*\d)(?=[\w+/-]*[a-z])[\w+/-]{12,}=*)",
    ),
    # What a browser or a client sends of itself.
    _rule(
        "authorization",
        pattern=r"authorization\\*[\"']?\s*[:=,]?\s*b?\\*[\"']?"
        r"(?:basic|bearer|token|apikey)\s+(?!\{)([^\s\"'\\,;]+)",
    ),
    _rule(
        "authorization",
        pattern=r"authorization\\*[\"']?\s*[:=]\s*[bf]?\\*[\"']?"
        r"(?:digest\s+([^\r\n]+)|(?!\w+ \{)([^\r\n\"'\\]+))",
    ),
    _rule(
        "cookie",
        pattern=r"\b(?:set-)?cookies?\\*[\"']?\s*[:=]\s*"
        r"(\{[^{}]*\}|(?!\{)[^\r\n\"'\\]+|\\*[\"'][^\r\n\"'\\]+)",
    ),
    _rule(
        *("bearer", "basic"),
        pattern=r"\b(?:bearer|basic)\s+((?=[\w.~+/-]*[0-9=])[\w.~+/=-]{8,}|[a-z0-9._~+/]{20,})",
    ),
    _rule("auth", pattern=r"\\*[\"']auth\\*[\"']\s*:\s*\\*[\"']([a-z0-9+/=]{8,})"),
    _rule("auth ", pattern=r"\bauth\s+(?:plain|login|xoauth2)\s+([a-z0-9+/=]{8,})"),
    _exact("auth", pattern=rf"\bAUTH[\"']?\s+(?:[\"']?\w+[\"']?\s+)?[\"']?(?i:{_LIKELY})"),
    _rule(
        *("auth", "login"),
        pattern=r"(?:auth\w*|login)[\"']?\s*[:=]?\s*\(\s*b?[\"'][^\"'\n]*[\"']\s*,\s*b?[\"']([^\"'\n]+)[\"']",
    ),
    _exact("pass ", pattern=rf"[>:] PASS\s+(?i:{_LIKELY})"),
    # Commands; their words may be the items of a list.
    _rule(*_HINTS, pattern=rf"-(?<![\w-]-)-?[\w-]*{_NAME}[\s=,\"']+{_NONE}([^\s\"'=,-][^\s\"',]*)"),
    _rule("-u", pattern=r"(?:\s-u|--user)[\s=]+[\"']?[^\s:\"']+:((?!\d+\b)[^\s\"']+)"),
    _rule("curl", pattern=r"\bcurl\b[^\n]{0,300}\s(?:-b|--cookie)[\s=]+[\"']?(\w+=[^\"'\n]+)"),
    _exact(
        *("mysql", "mariadb", "sshpass", "mongo", "login"),
        pattern=r"\b(?:mysql\w*|mariadb\w*|sshpass|mongo\w*|login)\b[^\n]{0,300}?[\s\"']-p[\s\"',]*"
        r"([^\s\"',-][^\s\"',]*)",
    ),
    _rule(
        *("redis-cli", "ldap"),
        pattern=r"\b(?:redis-cli\b[^\n]{0,300}?\s-a|ldap\w+\b[^\n]{0,300}?\s-w)\s+(\S+)",
    ),
    _rule("pass:", pattern=r"-pass(?:in|out|wd)?\s+pass:(\S+)"),
    _rule("smbclient", pattern=r"\bsmbclient\b[^\n]{0,300}?\s-u\s*[^\s%]+%(\S+)"),
    _rule(
        *("-stdin", "passwd"),
        pattern=r"\becho\s+(?:-n\s+)?[\"']?([^\s\"'|]+)[\"']?\s*\|[^\n|]{0,100}(?:-stdin|passwd)",
    ),
    _rule("htpasswd", pattern=r"(?m)\bhtpasswd\s+-\w*b[^\n]{0,100}\s(\S+)$"),
    _rule("add_user", "change_password", pattern=r"\b(?:add_user|change_password)\s+\S+\s+(\S+)"),
    # SQL, and what databases and servers keep instead of a password.
    _rule(
        "identified",
        pattern=r"\bidentified\s+(?:by|with\s+\S+\s+(?:as|by))\s+('[^'\n]*'|\S+)",
    ),
    _rule("requirepass", pattern=r"\brequirepass\s+(\S+)"),
    _rule("password(", pattern=r"\bpassword\(([\"'][^\"'\n]*[\"'])\)"),
    _rule("values", pattern=rf"\([^()\n]{{0,300}}{_NAME}[^()\n]*\)\s*values\s*(\(.*\))"),
    _rule(
        *("crypt(", "digest(", "hmac("),
        pattern=r"\b(?:pgp_sym_\w+|crypt|digest|hmac)\(([^()\n]*'[^()\n]*)",
    ),
    _rule(
        *("432:", "433:", "306:", ":*:"),
        pattern=r"(?<![\w.*/:-])(?=[\w./-]*[a-z.*/])[\w.*/-]+:(?:\d{4,5}|\*):[\w*-]+:[\w*-]+:"
        r"([^\s\"'<>]+)",
    ),
    _rule("$", pattern=r"(\$(?:2[abxy]|apr1|argon2\w+|1|5|6|7|y)\$[./a-z0-9$=,+]{20,})"),
    _rule("pbkdf2", "scrypt:", pattern=r"\b((?:pbkdf2|scrypt)[\w:-]*[$:][^\s\"']{20,})"),
    _rule("sha", "{smd5", "{crypt", pattern=r"(\{(?:s?sha\d*|s?md5|crypt)\}[^\s\"']{8,})"),
    _rule("scram-sha-256$", pattern=r"(scram-sha-256\$\d+:[^\s\"']+)"),
    _rule("md5", pattern=r"\b(md5[0-9a-f]{32})\b"),
    _exact("*", pattern=r"(?<!\w)(\*[0-9A-F]{40})\b"),
    # Private keys: whole, without their head, as base64.
    _rule(
        "private key",
        pattern=rf"(?s:-----begin {_KEY_BLOCK}(.*?)(?:-----end {_KEY_BLOCK}|$(?![\s\S])))",
    ),
    _rule(
        "private key",
        pattern=r"((?:[a-z0-9+/=]{16,}(?:\\+[nr]|[\s|\"',])+)+[a-z0-9+/=]*)[^\n-]{0,40}"
        rf"-----end {_KEY_BLOCK}",
    ),
    _rule("private-lines", pattern=r"(?s:private-lines: \d+\s+(.*?)(?:private-mac|$(?![\s\S])))"),
    _exact(
        "ls0tls1crudj",
        pattern=r"(LS0tLS1CRUdJ[A-Za-z0-9+/=]{40,}(?:\s+[A-Za-z0-9+/=]{4,})*)",
    ),
)
