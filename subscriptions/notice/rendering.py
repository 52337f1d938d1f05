"""Letters as plain text and as HTML, both from the same structure."""

from markupsafe import escape

from ripeday.kit.text import Translator, message
from subscriptions.notice.letter import Item, Letter


def plain_text(letter: Letter, words: Translator) -> str:
    """Return the letter as text, in the language of `words`."""
    blocks = [words.render(paragraph) for paragraph in letter.paragraphs]
    if letter.items:
        blocks.append("\n".join(f"- {_item(item, words)}" for item in letter.items))
    if letter.action:
        label, url = letter.action
        blocks.append(words.render(message("{label}: {url}", label=label, url=url)))
    blocks += [words.render(paragraph) for paragraph in letter.closing]
    return "\n\n".join([*blocks, letter.sender]) + "\n"


def html(letter: Letter, words: Translator) -> str:
    """Return the letter as HTML: one column, the reader's own font and colours."""
    parts = [_paragraph(words.render(paragraph)) for paragraph in letter.paragraphs]
    if letter.items:
        rows = "".join(f"<li>{escape(_item(item, words))}</li>" for item in letter.items)
        parts.append(f'<ul style="padding-left:20px">{rows}</ul>')
    if letter.action:
        label, url = letter.action
        parts.append(
            f'<p style="margin:24px 0"><a href="{escape(url)}"><b>{escape(words.render(label))}</b></a></p>'
        )
    parts += [_paragraph(words.render(paragraph)) for paragraph in letter.closing]
    parts.append(_paragraph(letter.sender))
    language = "zh-Hans" if words.locale == "zh" else words.locale
    title = escape(words.render(letter.subject))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head>'
        '<body style="font:16px/1.6 system-ui,sans-serif;max-width:34em;margin:24px auto;padding:0 16px">'
        f"{''.join(parts)}</body></html>"
    )


def _item(item: Item, words: Translator) -> str:
    return words.render(message("{units}: {when}", units=item.units, when=item.when))


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"
