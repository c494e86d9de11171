"""Writes many messages into the conversations of a data folder whose server is stopped, and indexes them.

    python -m benchmarks.talk_fill COUNT < conversations.json

Rows are written as sending writes them, many to a transaction; what is measured is not the writing.
"""

from __future__ import annotations

import json
import random
import sys
import time
from typing import Any

AUTHORS = 50
WORDS_EACH = (3, 30)
BATCH = 5_000
SECONDS_APART = 3


def main() -> None:
    from posthouse.config import start

    start.set_up_django()
    from posthouse.conversations import indexing

    count, conversations = int(sys.argv[1]), json.load(sys.stdin)
    words = _fill(count, [int(one) for one in conversations])
    started = time.process_time()
    for conversation_id in indexing.conversations():
        while indexing.step(conversation_id):
            continue
    print(json.dumps({"words": words, "indexing_seconds": time.process_time() - started}))


def _fill(count: int, conversations: list[int]) -> dict[str, str]:
    """Gives a common word, a rare one, and two that stand together."""
    from benchmarks.messages import vocabulary
    from posthouse.base import clock, db
    from posthouse.base.ids import new_id

    random_ = random.Random(7)
    words = vocabulary(random_)
    last = dict.fromkeys(conversations, 1)
    now_ms = clock.now_ms() - count * SECONDS_APART * 1000
    rare_at = {count * part // 10 for part in range(1, 10)}
    phrase = ""
    for begin in range(0, count, BATCH):
        made: list[tuple[Any, ...]] = []
        for number in range(begin, min(begin + BATCH, count)):
            conversation_id = random_.choice(conversations)
            last[conversation_id] += 1
            chosen = random_.choices(words[:400], k=8) + random_.choices(
                words, k=random_.randint(*WORDS_EACH)
            )
            text = " ".join([*chosen, *(["quinquereme"] if number in rare_at else [])])
            phrase = phrase or " ".join(chosen[2:4])
            at = now_ms + number * SECONDS_APART * 1000
            author = f"Writer {random_.randrange(AUTHORS)}"
            place = last[conversation_id]
            made.append((new_id(), conversation_id, place, author, text, f"<p>{text}</p>", at, place, place))
        db.run(_insert, (made,), {})
    db.run(_count, (last,), {})
    return {"common": words[0], "rare": "quinquereme", "phrase": phrase}


def _insert(made: list[tuple[Any, ...]]) -> None:
    from posthouse.base import sql

    sql.run_many(
        "INSERT INTO conversations_message (id, conversation_id, number, author_name, author_email, kind, body, html,"
        " event, mentions, forwarded_name, importance, needs_ack, ack_count, attachments, reactions, revisions,"
        " created_at, seq, created_seq) VALUES (%s, %s, %s, %s, '', 'text', %s, %s, '', '[]', '', 'normal', 0, 0, '[]',"
        " '{}', 0, %s, %s, %s)",
        made,
    )


def _count(last: dict[int, int]) -> None:
    from posthouse.base import sql

    for conversation_id, number in last.items():
        sql.run(
            "UPDATE conversations_conversation SET seq = %s, last_number = %s, last_main_number = %s WHERE id = %s",
            [number, number, number, conversation_id],
        )


if __name__ == "__main__":
    main()
