"""Answers: what a data logger must be told, with the same QN (HJ 212-2017 section 6.6)."""

from ingest.wire.hj212.frame import Frame

NOTICE, DATA = "9013", "9014"
_NOTICES = frozenset(("1013", "9015", "9021"))  # a wish for the time; heartbeats
_SYSTEM = "91"


def answer(frame: Frame) -> Frame | None:
    """What to answer to something that a logger sent by itself, or None where no answer is asked for or possible.

    Data is answered by 9014, a notice or a heartbeat by 9013; an answer, or a frame without QN, by nothing.
    """
    if not frame.qn or not frame.wants_answer or frame.st == _SYSTEM:
        return None
    if frame.cn in _NOTICES:
        return _to(frame, NOTICE)
    if len(frame.cn) == 4 and frame.cn[0] in "23":
        return _to(frame, DATA)
    return None


def _to(frame: Frame, cn: str) -> Frame:
    flag = None if frame.flag is None else frame.flag & ~3  # the version as it came; not split, no answer to the answer
    return Frame(qn=frame.qn, st=_SYSTEM, cn=cn, pw=frame.pw, mn=frame.mn, flag=flag)
