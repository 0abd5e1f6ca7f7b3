"""What a maintained detector takes for a secret.

To import it takes longer than to redact a record, so only who asks for it does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module

from runbook.sparing import without

_SHORTEST = 6  # characters; the detector's patterns match less

# The detectors that know their issuer, and the words they need; guesses by entropy hide hashes.
_DETECTORS = {
    "artifactory.ArtifactoryDetector": ("akc", "ap"),
    "aws.AWSKeyDetector": ("aws", "akia", "asia", "abia", "acca", "a3t"),
    "azure_storage_key.AzureStorageKeyDetector": ("accountkey",),
    "cloudant.CloudantDetector": ("cloudant",),
    "discord.DiscordBotTokenDetector": (".",),
    "github_token.GitHubTokenDetector": ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    "gitlab_token.GitLabTokenDetector": ("gl", "gr1348941"),
    "ibm_cloud_iam.IbmCloudIamDetector": ("ibm", "iam", "cloud"),
    "ibm_cos_hmac.IbmCosHmacDetector": ("secret",),
    "jwt.JwtTokenDetector": ("eyj",),
    "mailchimp.MailchimpDetector": ("-us",),
    "npm.NpmDetector": ("_authtoken",),
    "openai.OpenAIDetector": ("sk-",),
    "pypi_token.PypiTokenDetector": ("pypi-",),
    "sendgrid.SendGridDetector": ("sg.",),
    "slack.SlackDetector": ("xox", "hooks.slack"),
    "softlayer.SoftlayerDetector": ("softlayer",),
    "square_oauth.SquareOAuthDetector": ("sq0csp",),
    "stripe.StripeDetector": ("k_live",),
    "telegram_token.TelegramBotTokenDetector": (":aa",),
    "twilio.TwilioKeyDetector": ("ac", "sk"),
}


def _denylist(name: str) -> tuple[re.Pattern[str], ...]:
    module, _, kind = name.partition(".")
    return tuple(getattr(import_module(f"detect_secrets.plugins.{module}"), kind)().denylist)


# They could also ask the issuer whether a secret is still good, which is nothing we do.
with without("requests"):
    _PATTERNS = {name: _denylist(name) for name in _DETECTORS}


def detected(text: str, lower: str) -> Iterator[tuple[int, int]]:
    """Where in the text, also given in lower case, is what the detector takes for a secret."""
    for name, hints in _DETECTORS.items():
        for pattern in _PATTERNS[name] if any(hint in lower for hint in hints) else ():
            for found in pattern.finditer(text):
                # Where a pattern has groups, the last that took part is the secret.
                group = next((at for at in range(pattern.groups, 0, -1) if found[at]), 0)
                if len(found[group]) >= _SHORTEST:
                    yield found.span(group)
