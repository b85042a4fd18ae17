"""Documents as datatrove and Hugging Face pipelines have them: ``text``, ``id``, ``metadata``."""

from __future__ import annotations

import json

from crawler.output.formats.fields import Record


def to_document(record: Record) -> Record:
    """A datatrove document. Its metadata is JSON in a string: datatrove reads it as an object, and ``datasets``,
    which infers a type for every key of an object, sees only a string.
    """
    metadata = {name: value for name, value in record.items() if name not in {"text", "id"}}
    return {"text": record["text"], "id": record["id"], "metadata": json.dumps(metadata, ensure_ascii=False)}
