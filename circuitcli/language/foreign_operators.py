"""Operators of other tools in a text - AND of SQL, pipes of jq, sum(y where t > 3) - as they are written here."""

from __future__ import annotations

import re
from collections.abc import Callable

from circuitcli.gates import ALIASES, GATES
from circuitcli.language.excerpts import NEARBY, bare
from circuitcli.language.foreign_forms import INFIX
from circuitcli.language.words_elsewhere import PLAIN, WORDS

_QUOTED = "\"[^\"\n]*\"|'[^'\n]*'"
_VALUE = r"(?:[^\W\d][\w.]*(?:\([^()]*\))?|\([^()]*\))"
_NUMBER = r"-?[\w.]+"
_FLOATS = r"(?i:float\d?|float64|double(?:\s+precision)?|real|numeric|decimal|number)(?:\([\d\s,]*\))?"
_INTEGERS = r"(?i:int\d?|integer|bigint|smallint|signed|unsigned)"
_CAST = r"(?i:\b(?:TRY_|SAFE_)?CAST)\(\s*((?:[^()]|\([^()]*\))+?)\s+(?i:AS)\s+%s\s*\)"
_PIPE = re.compile(r"(?<!\|)\|>?\s*(?P<word>[^\W\d]\w*)\s*(?:\(\s*\))?(?=\s*(?:\||\)|,|;|$))")
_NULL = r"(?i)(?<![\w.])is\s+(?:not\s+)?(?:null|none|nan)(?!\w)"
_SAID: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (  # what has no single meaning here
    (_NULL, lambda found: "rows without a number are left out by --bad-rows skip"),
    (rf"({_VALUE})::{_INTEGERS}(?!\w)", lambda found: _as_whole(found[1])),
    (_CAST % _INTEGERS, lambda found: _as_whole(found[1])),
    (r"(?<=[\w)])\s+(?:NOT\s+)?I?LIKE\s", lambda found: 'LIKE is of SQL; a text is compared whole: kind == "a"'),
)


def written_with_ours(text: str) -> str:
    """Return a text with the operators of other tools as ours; another text as it is."""
    for mend in (_lines, _casts, _cases, _words, _pipes, _gathered):
        text = mend(text)
    return re.sub(r"(?<![\w.])([12]0)\s*\*?\s*lg\s*(?=\()", r"\1*log10", text)  # decibels


def said_of(text: str) -> str:
    """Return a sentence on a word of SQL that has no counterpart; empty where a text has none."""
    plain = re.sub(_QUOTED, '""', text[:NEARBY])
    return next((said(found) for form, said in _SAID if (found := re.search(form, plain))), "")


def parallel(text: str) -> str:
    """Return a text in which || joins resistances in parallel: R1||R2 is R1*R2/(R1+R2); empty where it may not."""
    value = r"(?:[\w.]+|\([^()|]*\))"
    if re.search(r"[<>=!&?]|(?<![\w.])(?:and|or|not)(?!\w)|(?<!\|)\|(?!\|)", text):
        return ""

    def joined(found: re.Match[str]) -> str:
        parts = [part.strip() for part in found[0].split("||")]
        inverse = " + ".join(f"1/{part}" for part in parts)
        form = "{0}*{1}/({0} + {1})".format(*parts) if len(parts) == 2 else f"1/({inverse})"
        left, right = text[: found.start()].rstrip(), text[found.end() :].lstrip()
        alone = left[-1:] in ("", "(", ",", "+") and right[:1] in ("", ")", ",", "+", "-")
        return form if alone else f"({form})"

    meant = re.sub(rf"(?<![\w.)]){value}(?:\s*\|\|\s*{value})+(?![\w.(])", joined, text)
    return meant if "|" not in meant else ""


def _as_whole(value: str) -> str:
    return f"tools disagree on whole numbers: write trunc({bare(value)}), or round({bare(value)})"


def _lines(text: str) -> str:
    """A newline that the shell has left as \\n, behind a statement that names something, parts two statements."""
    if "\\n" not in text:
        return text
    parts = re.split(r"\s*\\n(?!(?:u|abla|e|eq|eg|o[t])(?![\w]))\s*", text)  # \nu is a letter of TeX
    named = all(re.match(r"[^\W\d]\w*\s*(?:\([^()]*\)\s*)?=(?!=)", part.strip()) for part in parts[:-1])
    return "; ".join(filter(None, parts)) if named else text


def _outside_quotes(form: str, written: Callable[[re.Match[str]], str], text: str) -> str:
    """Replace a form in a text, but not within quotes."""
    return re.sub(rf"{_QUOTED}|(?P<found>{form})", lambda m: m[0] if m["found"] is None else written(m), text)


# ── SQL ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _casts(text: str) -> str:
    def value(found: re.Match[str]) -> str:
        return found[1] if re.fullmatch(r"[\w.]+", found[1]) or found[0] == text else f"({found[1]})"

    return re.sub(rf"(?<=[\w)\]])::{_FLOATS}(?!\w)", "", re.sub(_CAST % _FLOATS, value, text))


def _cases(text: str) -> str:
    """Write CASE WHEN c THEN a ELSE b END as c ? a : b."""

    def chosen(found: re.Match[str]) -> str:
        otherwise = found["otherwise"] or "nan"
        pairs = re.findall(r"(?i)WHEN\s+(.+?)\s+THEN\s+(.+?)\s*(?=WHEN\s|$)", found["pairs"])
        form = "".join(f"{_compared(test)} ? {value} : " for test, value in pairs) + otherwise
        return form if found[0] == text.strip() else f"({form})"

    form = r"(?i)\bCASE\s+(?P<pairs>WHEN\s(?:(?!\bCASE\b).)+?)(?:\s+ELSE\s+(?P<otherwise>.+?))?\s+END\b"
    return re.sub(form, chosen, text)


def _compared(test: str) -> str:
    """Return a condition with its comparisons as ours: = is ==, and <> is !=."""
    return re.sub(r"(?<![<>=!])=(?!=)", "==", test.replace("<>", "!="))


def _words(text: str) -> str:
    """Return a text with the words of SQL, which are in capitals, as ours."""
    if not re.search(r"(?<![\w.])(?:AND|OR|NOT|BETWEEN|IN|IS|LIKE|DIV|MOD|XOR)(?!\w)", text) or re.search(_NULL, text):
        return text
    of_sql = text

    def between(found: re.Match[str]) -> str:
        tests = f"{found['value']} >= {found['low']} and {found['value']} <= {found['high']}"
        return f"not ({tests})" if found["no"] else tests if found[0] == of_sql.strip() else f"({tests})"

    def among(found: re.Match[str]) -> str:
        sign, joint = ("!=", " and ") if found["no"] else ("==", " or ")
        each = [part for part in re.findall(rf"(?:{_QUOTED}|[^,\"'])+", found["list"]) if part.strip()]
        tests = joint.join(f"{found['value']} {sign} {part.strip()}" for part in each)
        return tests if found[0] == of_sql.strip() else f"({tests})"

    behind = rf"(?<![\w.])(?P<value>{_VALUE})\s+(?P<no>NOT\s+)?"
    text = _outside_quotes(rf"{behind}BETWEEN\s+(?P<low>{_NUMBER})\s+AND\s+(?P<high>{_NUMBER})", between, text)
    text = re.sub(rf"{behind}IN\s*\((?P<list>(?:{_QUOTED}|[^()\"'])*)\)", among, text)
    text = re.sub(r"(?<=[\w)])\s+LIKE\s+(?=\"[^%_\"]*\"|'[^%_']*')", " == ", text)
    text = _outside_quotes(r"(?<=[\w)])\s+IS\s+NOT\s+", lambda found: " != ", text)
    text = _outside_quotes(
        r"(?<=[\w)])\s+(?P<word>IS|DIV|MOD|XOR)\s+(?=[\w.(\-])", lambda found: INFIX[found["word"].lower()], text
    )
    joined = _outside_quotes(
        r"(?:(?<=[\s)\"'])(?:AND|OR)|(?:(?<=[(,\s])|^)NOT)(?=[\s(])", lambda found: found[0].lower(), text
    )
    compared = re.search(r"(?<![\w.])(?:and|or|not)\s(?:(?!;).)*[^<>=!](?:=(?!=)|<>)|(?<![<>=!])=\s*[\"']", joined)
    return _compared(joined) if compared and joined != text else joined


# ── pipes, and gates over some of the rows ──────────────────────────────────────────────────────────────────────


def _pipes(text: str) -> str:
    """Write x | floor as floor(x), where what stands behind the bar is called with one argument."""
    while (found := _PIPE.search(text)) and _is_called(found["word"]):
        start = _start_of_piped(text, found.start())
        value, left, right = text[start : found.start()].strip(), text[:start].rstrip(), text[found.end() :]
        if not value or "|" in value:
            break
        if left.endswith("(") and right.lstrip().startswith(")") and not re.search(r"\w\s*\($", left):
            left, right = left[:-1], right.lstrip()[1:]
        else:
            left = text[:start] + " " * (text[start : start + 1] == " ")
        text = f"{left}{found['word']}({bare(value)}){right}"
    return text


def _start_of_piped(text: str, place: int) -> int:
    """Return where the value begins that is piped at a place: behind an open parenthesis, a comma or a =."""
    depth = 0
    for k in range(place - 1, -1, -1):
        depth += (text[k] == ")") - (text[k] == "(")
        if depth < 0 or (not depth and (text[k] in ",;" or re.match(r"(?<![<>=!])=(?!=)", text[k:]))):
            return k + 1
    return 0


def _is_called(word: str) -> bool:
    gate = GATES.get(ALIASES.get(word, word))
    row = WORDS.get(word) or WORDS.get(word.lower(), "")
    return gate.accepts(1) if gate else row == PLAIN or bool(re.match(r"\(\w+\) = ", row))


def _gathered(text: str) -> str:
    """Write sum(y where t > 3) as sum(t > 3 ? y : 0), and a mean as the quotient of two sums."""

    def chosen(found: re.Match[str]) -> str:
        value, test = found["value"].strip(), found["test"].strip()
        total = f"sum({test} ? {value} : 0)"
        if found["sum"]:
            return total
        mean = f"{total}/sum({test})"
        return mean if found[0] == text.strip() else f"({mean})"

    inside = r"(?:[^(),]|\([^()]*\))"
    form = rf"(?<![\w.])(?:(?P<sum>sum)|mean)\((?P<value>{inside}+?)\s+(?:if|where|WHERE)\s+(?P<test>{inside}+)\)"
    return text if re.search(r"(?<!\w)(?:else|for)(?!\w)", text) else re.sub(form, chosen, text)
