"""What a secret looks like: by where it stands, by how it begins, and by a maintained detector.

Each pattern has one group, `s`: the secret alone, so that what is around it can still be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

# A quotation may be cut off in the middle.
_QUOTED = r"\\\"[^\"\n]*?\\\"|\"(?:\\.|[^\"\\\n])*(?:\"|$)|''[^'\n]+''|'(?:\\.|[^'\\\n])*(?:'|$)"
_NAMES = (
    r"pass(?:word|wd|phrase|code)|pwd|[a-z_]pass|secret|token|jwt|credentials?|"
    r"(?:access|account|api|app|auth|client|deploy|encryption|license|master|private|secret|session|"
    r"shared|shared[_-]?access|signing|ssh|storage)[_-]?key|key-data|sess(?:ion)?[_-]?id|"
    r"口令|密码|密钥|令牌"
)
# What a program says of a secret that it has not got.
_NOTHING = r"(?!(?:null|none|nil|true|false|undefined)\b)"
_IN_PLACE = (
    # The password of a URL or DSN, scheme://user:password@host; a port is followed by a slash.
    r"\b[a-z][a-z0-9+.-]*://[^\s:/@\"'<>]*:(?P<s>(?!\d+/)[^\s\"'<>]+)@(?=[\w.\[*-])",
    r"\b[a-z][a-z0-9+.-]*://(?P<s>[^\s:/@\"'<>]{20,})@",
    # password = x, "password": "x", PASSWORD 'x' as SQL says it, password is x
    rf"(?:{_NAMES})\\?[\"']?(?:\s*(?:=>|:=|[=:：])\s*|\s+(?=[\"']))"
    rf"{_NOTHING}(?P<s>(?:{_QUOTED})|\\?(?:{_QUOTED})|[^\s\"',;&<>)\]}}]+)",
    r"(?:口令|密码|密钥|令牌)\s*[是为]\s*(?P<s>[\x21-\x7e]{4,})",
    r"\bpass(?:word|phrase)? is (?P<s>(?=\S*\d)\S{6,})",
    rf"--?(?:{_NAMES})[\s=]+(?P<s>[^\s-]\S*)",
    r"(?:\s-u|--user)[\s=]+[\"']?[^\s:\"']+:(?P<s>(?!\d+\b)[^\s\"']+)",
    r"\b(?:mysql|mysqldump|mariadb|sshpass)\b[^\n]*?\s-p\s*(?P<s>[^\s-]\S*)",
    r"\bredis-cli\b[^\n]*?\s-a\s+(?P<s>\S+)",
    r"\bIDENTIFIED\s+BY\s+(?P<s>'[^'\n]*'|\S+)",
    r"\bREQUIREPASS\s+(?P<s>\S+)",
    r"\bpass=(?P<s>[^\s\"',;&]{4,})",
    r"(?-i:[A-Z0-9]_KEY)\\?[\"']?\s*[=:]\s*\\?[\"']?(?P<s>[\w+/-]{12,}=*)",
    # What a browser or a client sends of itself.
    r"authorization\\?[\"']?\s*[:=]\s*\\?[\"']?digest\s+(?P<s>[^\r\n]+)",
    r"authorization\\?[\"']?\s*[:=]\s*\\?[\"']?(?:(?:basic|bearer|token|digest|apikey)\s+)?"
    r"(?P<s>[^\r\n\"'\\]+)",
    r"\b(?:set-)?cookie\\?[\"']?\s*[:=]\s*\\?[\"']?(?P<s>[^\r\n\"'\\]+)",
    r"\b(?:bearer|basic)\s+(?P<s>(?=\S*[0-9=])[A-Za-z0-9._~+/=-]{8,})",
    r"\\?[\"']auth\\?[\"']\s*:\s*\\?[\"'](?P<s>[A-Za-z0-9+/=]{8,})",
    r"[?&](?:sig|signature|x-amz-signature|x-goog-signature)=(?P<s>[^&\s\"'<>]+)",
    # Addresses that are themselves the permission to write there.
    r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<s>[\w/-]+)",
    r"webhook/send\?key=(?P<s>[\w-]+)",
    r"/bot/v2/hook/(?P<s>[\w-]{8,})",
    r"discord(?:app)?\.com/api/webhooks/\d+/(?P<s>[\w-]+)",
    r"webhook\.office\.com/(?P<s>[^\s\"'<>]+)",
    # A line of .pgpass, and what databases keep instead of a password.
    r"(?<!\S)(?=[^:\s]*[A-Za-z.*])[\w.*-]+:(?:\d{4,5}|\*):[\w*-]+:[\w*-]+:(?P<s>\S+)",
    r"(?P<s>\$(?:2[abxy]|apr1|argon2\w+|1|5|6|7|y)\$[./A-Za-z0-9$=,+]{20,})",
    r"(?P<s>SCRAM-SHA-256\$\d+:[^\s\"']+)",
    r"\b(?P<s>md5[0-9a-f]{32})\b",
    r"(?s:-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----(?P<s>.*?)"
    r"(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|$(?![\s\S])))",
    r"(?P<s>LS0tLS1CRUdJ[A-Za-z0-9+/=]{40,})",
)
# By the beginning their issuers gave them, so that they can be found.
_BY_PREFIX = (
    r"sk-(?=[\w-]*\d)[\w-]{8,}",
    r"(?:sk|rk|pk)_(?:live|test)_\w{10,}|whsec_[\w+/=]{16,}",
    r"gh[opsur]_\w{20,}|github_pat_\w{20,}|gl(?:pat|ptt|dt|rt|cbt|soat|ft|oas|agent|imt)-[\w.-]{16,}",
    r"xox[a-z]-[\w-]{8,}|xapp-[\w-]{10,}|xoxe\.[\w.-]{10,}",
    r"AIza[\w-]{30,}|ya29\.[\w-]{16,}|GOCSPX-[\w-]{16,}|1//0[\w-]{30,}",
    r"(?:AKIA|ASIA|ABIA|ACCA|AIDA|AROA)[0-9A-Z]{16}|LTAI[A-Za-z0-9]{12,}|AKID[A-Za-z0-9]{13,}|AKLT\w{20,}",
    r"npm_[A-Za-z0-9]{30,}|pypi-[\w-]{30,}|rubygems_[0-9a-f]{40,}|crates-[\w-]{20,}|dckr_pat_[\w-]{20,}",
    r"hf_[A-Za-z]{20,}|hf_\w{30,}|r8_\w{30,}|gsk_\w{30,}|xai-\w{30,}|nvapi-[\w-]{30,}|tvly-[\w-]{16,}|pplx-\w{30,}",
    r"SG\.[\w-]{16,}\.[\w-]{16,}|xkeysib-[\w-]{30,}|key-[0-9a-f]{32}|[0-9a-f]{32}-us\d{1,2}",
    r"(?:AC|SK)[0-9a-f]{32}|\d{8,10}:AA[\w-]{30,}|[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,}",
    r"do[opr]_v1_[0-9a-f]{40,}|dapi[0-9a-f]{32}|shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}",
    r"sq0(?:atp|csp|idp)-[\w-]{20,}|EAAA[\w-]{40,}|hv[sbr]\.[\w-]{20,}|AGE-SECRET-KEY-1[0-9A-Z]{40,}",
    r"glsa_\w{20,}|glc_[\w=]{20,}|sntry[su]_[\w=+/-]{20,}|lin_api_\w{20,}|figd_[\w-]{20,}|PMAK-[\w-]{20,}",
    r"NR(?:AK|II|JS|RA)-[\w-]{15,}|dt0[a-z]\d\d\.\w{20,}\.\w{30,}|pscale_\w+_[\w.-]{20,}|CFPAT-[\w-]{20,}",
    r"ATATT3[\w=-]{20,}|ATCTT3[\w=-]{20,}|\w{14}\.atlasv1\.[\w-]{20,}|ops_eyJ[\w-]{20,}|tskey-[\w-]{16,}",
    r"eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*){1,3}|fo1_[\w-]{20,}|PRIVATE-TOKEN\s*:\s*\S+",
)

PATTERNS: tuple[re.Pattern[str], ...] = (
    *(re.compile(pattern, re.IGNORECASE) for pattern in _IN_PLACE),
    re.compile(rf"(?<![A-Za-z0-9])(?P<s>{'|'.join(_BY_PREFIX)})"),
)

_MOBILE = r"(?<![A-Za-z0-9_.+-])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![A-Za-z0-9_-]|\.\d)"
_IDENTITY = (
    r"(?<!\d)[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)"
)
_CARD = r"(?<!\d)62\d{14,17}(?!\d)"
_EMAIL = r"(?<![\w/:.+-])(?!git@)[\w.+-]+@(?:[\w-]+\.)+[A-Za-z]{2,}(?![\w@])"


def _is_identity(text: str) -> bool:
    # GB 11643-1999: the last character is a check digit, ISO 7064 MOD 11-2.
    total = sum(int(digit) * 2 ** (17 - at) for at, digit in enumerate(text[:17]))
    return "10X98765432"[total % 11] == text[17].upper()


def _is_card(text: str) -> bool:
    # ISO/IEC 7812-1, Luhn.
    digits = [int(digit) for digit in reversed(text)]
    doubled = [
        digit if at % 2 == 0 else sum(divmod(2 * digit, 10)) for at, digit in enumerate(digits)
    ]
    return sum(doubled) % 10 == 0


def _always(_text: str) -> bool:
    return True


PERSONAL: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (re.compile(_MOBILE), _always),
    (re.compile(_IDENTITY), _is_identity),
    (re.compile(_CARD), _is_card),
    (re.compile(_EMAIL), _always),
)
"""What belongs to a person: phones, identity numbers, bank cards, addresses of mail."""


@cache
def _detectors() -> tuple[re.Pattern[str], ...]:
    """The patterns of detect-secrets that know their issuer; its guesses by entropy hide hashes."""
    from detect_secrets.plugins import (
        artifactory,
        aws,
        azure_storage_key,
        cloudant,
        discord,
        github_token,
        gitlab_token,
        ibm_cloud_iam,
        ibm_cos_hmac,
        jwt,
        mailchimp,
        npm,
        openai,
        pypi_token,
        sendgrid,
        slack,
        softlayer,
        square_oauth,
        stripe,
        telegram_token,
        twilio,
    )

    kinds = (
        artifactory.ArtifactoryDetector,
        aws.AWSKeyDetector,
        azure_storage_key.AzureStorageKeyDetector,
        cloudant.CloudantDetector,
        discord.DiscordBotTokenDetector,
        github_token.GitHubTokenDetector,
        gitlab_token.GitLabTokenDetector,
        ibm_cloud_iam.IbmCloudIamDetector,
        ibm_cos_hmac.IbmCosHmacDetector,
        jwt.JwtTokenDetector,
        mailchimp.MailchimpDetector,
        npm.NpmDetector,
        openai.OpenAIDetector,
        pypi_token.PypiTokenDetector,
        sendgrid.SendGridDetector,
        slack.SlackDetector,
        softlayer.SoftlayerDetector,
        square_oauth.SquareOAuthDetector,
        stripe.StripeDetector,
        telegram_token.TelegramBotTokenDetector,
        twilio.TwilioKeyDetector,
    )
    return tuple(pattern for kind in kinds for pattern in kind().denylist)


def detected(text: str) -> Iterator[str]:
    """What the detector takes for a secret in the text."""
    for pattern in _detectors():
        for found in pattern.finditer(text):
            # Where a pattern has groups, the last that took part is the secret.
            yield next((one for one in reversed(found.groups()) if one), found[0])
