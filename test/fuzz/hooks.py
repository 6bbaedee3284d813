"""What the fuzzer does before each call, beside what it makes up."""

import uuid

import schemathesis


@schemathesis.hook
def before_call(context, case, kwargs):
    """Gives each request a key of its own: the fuzzer repeats its keys, and a repeat is not done again."""
    given = case.headers.get("idempotency-key")
    if isinstance(given, str) and given.isascii() and given.isprintable() and 0 < len(given) < 200 and " " not in given:
        case.headers["idempotency-key"] = f"{given}-{uuid.uuid4()}"
