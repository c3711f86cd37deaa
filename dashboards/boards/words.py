"""What the board says, in both languages."""

from detectors.domain.judged import Flag, Outcome
from detectors.domain.site import Title

BOARD = Title(zh="河流监测", en="River watch")
SOURCE = Title(zh="数据源", en="Source")
STATION = Title(zh="站点", en="Station")
CAMERA = Title(zh="摄像机", en="Camera")
EVENTS = Title(zh="事件", en="Events")
OPEN_EVENTS = Title(zh="未解除的网格事件", en="Open grid events")
TURNS = Title(zh="事件数", en="Events raised and cleared")
RAISED = Title(zh="触发", en="raised")
CLEARED = Title(zh="解除", en="cleared")
LATE = Title(zh="补录", en="late")
WATER = Title(zh="水质与水情", en="Water quality and stage")
OTHER = Title(zh="其他监测量", en="Other measures")
FLAGGED = Title(zh="存疑", en="doubted")
CAMERAS = Title(zh="摄像机", en="Cameras")
DATA = Title(zh="数据流", en="Data flow")
LAG = Title(zh="到达延迟", en="Time to arrive")
MEDIAN = Title(zh="中位数", en="median")
MOST = Title(zh="99% 分位", en="99th percentile")
LANDED = Title(zh="入库读数", en="Readings stored")
FLAGS = Title(zh="质量标记", en="Quality flags")
NEWEST = Title(zh="各序列最新读数", en="Newest reading of each series")
NOTHING = Title(zh="无", en="none")

OUTCOMES = {Outcome.JUDGED: Title(zh="实时", en="live"), Outcome.HISTORY: Title(zh="历史补传", en="history")}
FLAG = {
    Flag.GOOD: Title(zh="合格", en="good"),
    Flag.NOT_EVALUATED: Title(zh="未评价", en="not evaluated"),
    Flag.SUSPECT: Title(zh="可疑", en="suspect"),
    Flag.FAIL: Title(zh="不合格", en="fail"),
}
