"""As much of JSON Schema (2020-12) as /openapi.json uses. A keyword that is not known here is an error, so that nothing in
the document goes unchecked."""

import re
from datetime import date, datetime

WORDS = {"description"}  # say nothing about a value
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
FORMATS = {"date-time": lambda text: text.endswith("Z") and datetime.fromisoformat(text.replace("Z", "+00:00")),
           "date": date.fromisoformat}


class Mismatch(AssertionError):
    """A value is not what the schema says."""


def has_type(value, name):
    if name == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if name == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


class Checker:
    """Checks values against the schemas of one document."""

    def __init__(self, document):
        self.document = document

    def resolve(self, reference):
        found = self.document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        return found

    def check(self, value, schema, path="$"):
        for keyword, rule in schema.items():
            if keyword in WORDS:
                continue
            test = getattr(self, "check_" + keyword.replace("$", ""), None)
            if test is None:
                raise Mismatch(f"{path}: this checker does not know the keyword {keyword}")
            if not test(value, rule, schema, path):
                raise Mismatch(f"{path}: {value!r} is not {keyword} {rule!r}")

    def matches(self, value, schema, path):
        try:
            self.check(value, schema, path)
        except Mismatch:
            return False
        return True

    def check_ref(self, value, rule, _, path):
        self.check(value, self.resolve(rule), path)
        return True

    def check_type(self, value, rule, *_):
        return any(has_type(value, name) for name in ([rule] if isinstance(rule, str) else rule))

    def check_properties(self, value, rule, _, path):
        for name in rule.keys() & value.keys():
            self.check(value[name], rule[name], f"{path}.{name}")
        return True

    def check_required(self, value, rule, *_):
        return set(rule) <= value.keys()

    def check_additionalProperties(self, value, rule, schema, path):
        more = value.keys() - schema.get("properties", {}).keys()
        if rule is False:
            return not more
        for name in more:
            self.check(value[name], rule, f"{path}.{name}")
        return True

    def check_items(self, value, rule, _, path):
        for index, item in enumerate(value):
            self.check(item, rule, f"{path}[{index}]")
        return True

    def check_maxItems(self, value, rule, *_):
        return len(value) <= rule

    def check_enum(self, value, rule, *_):
        return value in rule

    def check_minimum(self, value, rule, *_):
        return value >= rule

    def check_pattern(self, value, rule, *_):
        return re.search(rule, value) is not None

    def check_format(self, value, rule, *_):
        try:
            return bool(FORMATS[rule](value))
        except ValueError:
            return False

    def check_anyOf(self, value, rule, _, path):
        return any(self.matches(value, choice, path) for choice in rule)
