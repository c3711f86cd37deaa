"""Answers: what a data logger must be told, with the same QN (HJ 212-2017 section 6.6, tables 5 and 6)."""

from ingest.wire.hj212.frame import Frame

REQUEST, RESULT, NOTICE, DATA = "9011", "9012", "9013", "9014"
READY, REJECTED, WRONG_PASSWORD, WRONG_MN, WRONG_ST, WRONG_FLAG, WRONG_QN, WRONG_CN, WRONG_CRC = range(1, 10)  # QnRtn
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


def request_answer(frame: Frame, code: int = READY) -> Frame:
    """9011: whether a request will be carried out (QnRtn)."""
    return _to(frame, REQUEST, f"QnRtn={code}")


def result(frame: Frame, code: int = 1) -> Frame:
    """9012: how a request was carried out (ExeRtn); 1 = well."""
    return _to(frame, RESULT, f"ExeRtn={code}")


def _to(frame: Frame, cn: str, content: str = "") -> Frame:
    flag = None if frame.flag is None else frame.flag & ~3  # the version as it came; not split, no answer to the answer
    return Frame(qn=frame.qn, st=_SYSTEM, cn=cn, pw=frame.pw, mn=frame.mn, flag=flag, content=content)
