"""How often codes may be guessed at (joining, and signing in on another device, count together) and asked for."""

from api.core import limits

# Generous, because a whole kick-off meeting joins from one address; a code has 58 bits, so no guessing gets far.
CODES = limits.Limit("code", minutes=5, per_address=100, overall=2_000, under_attack=20)
# Each is counted, whatever comes of it: so many mails may a stranger have sent to somebody, and no more.
MAILS = limits.Limit("code-mail", minutes=15, per_address=30, overall=2_000, under_attack=10, per_account=3)
