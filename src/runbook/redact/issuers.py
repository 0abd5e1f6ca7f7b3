"""What is secret by how it begins: the formats of issuers."""

from __future__ import annotations

import re

_BY_PREFIX = (
    r"sk-(?=[\w-]*[\d*])[\w*.…-]{7,}[\w*]|sess-\w{30,}|jina_\w{30,}|tgp_v1_[\w-]{20,}|lsv2_\w\w_\w{20,}|pcsk_\w{20,}",
    r"(?:sk|rk|pk)_(?:live|test)_\w{10,}|whsec_[\w+/=]{16,}|access_token\$\w+\$\w+\$[0-9a-f]{32}",
    r"gh[opsur]_\w{20,}|github_pat_\w{20,}|gl(?:pat|ptt|dt|rt|cbt|soat|ft|oas|agent|imt)-[\w.-]{16,}",
    r"GR1348941[\w-]{16,}|xox[a-z]-[\w-]{8,}|xapp-[\w-]{10,}|xoxe\.[\w.-]{10,}|SEC[0-9a-f]{64}",
    r"AIza[\w-]{30,}|ya29\.[\w-]{16,}|GOCSPX-[\w-]{16,}|1//0[\w-]{30,}|[0-9a-f]{32}\.[A-Za-z0-9]{16}",
    r"(?:AKIA|ASIA|ABIA|ACCA|AIDA|AROA)[0-9A-Z]{16}|LTAI[A-Za-z0-9]{12,}|AKID[A-Za-z0-9]{13,}|AKLT\w{20,}",
    r"npm_[A-Za-z0-9]{30,}|pypi-[\w-]{30,}|rubygems_[0-9a-f]{40,}|crates-[\w-]{20,}|dckr_pat_[\w-]{20,}",
    r"oy2[a-z0-9]{43}|pul-[0-9a-f]{40}|s[bg]p_[0-9a-f]{40}|v1\.0-[0-9a-f]{24}-[0-9a-f]{64,}|dp\.\w+\.\w{30,}",
    r"hf_[A-Za-z]{20,}|hf_\w{30,}|r8_\w{30,}|gsk_\w{30,}|xai-\w{30,}|nvapi-[\w-]{30,}|tvly-[\w-]{16,}|pplx-\w{30,}",
    r"SG\.[\w-]{16,}\.[\w-]{16,}|xkeysib-[\w-]{30,}|key-[0-9a-f]{32}|[0-9a-f]{32}-us\d{1,2}",
    r"(?:AC|SK)[0-9a-f]{32}|(?:bot)?\d{8,10}:AA[\w-]{30,}|[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,}",
    r"do[opr]_v1_[0-9a-f]{40,}|dapi[0-9a-f]{32}|shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}|AKCp?\w{60,}",
    r"sq0(?:atp|csp|idp)-[\w-]{20,}|EAAA[\w-]{40,}|hv[sbr]\.[\w-]{20,}|AGE-SECRET-KEY-1[0-9A-Z]{40,}",
    r"glsa_\w{20,}|glc_[\w=]{20,}|sntry[su]_[\w=+/-]{20,}|lin_api_\w{20,}|figd_[\w-]{20,}|PMAK-[\w-]{20,}",
    r"NR(?:AK|II|JS|RA)-[\w-]{15,}|dt0[a-z]\d\d\.\w{20,}\.\w{30,}|pscale_\w+_[\w.-]{20,}|CFPAT-[\w-]{20,}",
    r"ATATT3[\w=-]{20,}|ATCTT3[\w=-]{20,}|\w{14}\.atlasv1\.[\w-]{20,}|ops_eyJ[\w-]{20,}|tskey-[\w-]{16,}",
    r"eyJ[\w-]{8,}\.[\w-]*\.[\w.-]{8,}|eyJ[\w-]{8,}\.[\w-]{8,}|fo1_[\w-]{20,}",
)
ISSUED = re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(_BY_PREFIX)})")
"""A secret by the beginning its issuer gave it, so that it can be found."""
