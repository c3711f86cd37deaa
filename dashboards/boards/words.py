"""What the board says, in both languages."""

from dashboards.called import called
from detectors.domain.event import Turn
from detectors.domain.judged import TESTS, Flag, Outcome
from detectors.domain.section import WORSE
from detectors.domain.site import Title

BOARD = Title(zh="河流监测", en="River watch")
SOURCE = Title(zh="数据源", en="Source")
STATION = Title(zh="站点", en="Station")
CAMERA = Title(zh="摄像机", en="Camera")
EVENTS = Title(zh="事件", en="Events")
OPEN_EVENTS = Title(zh="未解除的网格事件", en="Open grid events")
TURNS = Title(zh="事件数", en="Events by turn")
WATER = Title(zh="水质与水情", en="Water quality and stage")
OTHER = Title(zh="其他监测量", en="Other measures")
FLAGGED = Title(zh="存疑", en="doubted")
CAMERAS = Title(zh="摄像机", en="Cameras")
HEALTH = Title(zh="摄像机健康", en="Health of cameras")
KINDS = Title(zh="视频事件（按规则）", en="Camera events by rule")
DATA = Title(zh="数据流", en="Data flow")
LAG = Title(zh="到达延迟", en="Time to arrive")
MEDIAN = Title(zh="中位数", en="median")
MOST = Title(zh="99% 分位", en="99th percentile")
LANDED = Title(zh="入库读数", en="Readings stored")
FLAGS = Title(zh="质量标记", en="Quality flags")
NEWEST = Title(zh="各序列最新读数", en="Newest reading of each series")
OUTLOOKS = Title(zh="预见：将超出限值", en="Outlooks: expected to pass a limit")
CLASSES = Title(zh="断面水质类别", en="Classes of sections")
OVER = Title(zh="超标倍数", en="Times over the target")
QUALITY = Title(zh="数据质量", en="Data quality")
DOUBTED = Title(zh="可疑与不合格读数（按序列）", en="Doubted readings of each series")
FIRED = Title(zh="触发的检验", en="Tests that fired")
NOTHING = Title(zh="无", en="none")

TURNED = {
    Turn.RAISED: Title(zh="触发", en="raised"),
    Turn.WORSENED: Title(zh="恶化", en="worsened"),
    Turn.CLEARED: Title(zh="解除", en="cleared"),
    Turn.LATE: Title(zh="补录", en="late"),
}
OUTCOMES = {Outcome.JUDGED: Title(zh="实时", en="live"), Outcome.HISTORY: Title(zh="历史补传", en="history")}
FLAG = {
    Flag.GOOD: Title(zh="合格", en="good"),
    Flag.NOT_EVALUATED: Title(zh="未评价", en="not evaluated"),
    Flag.SUSPECT: Title(zh="可疑", en="suspect"),
    Flag.FAIL: Title(zh="不合格", en="fail"),
}

CLASS = called("class", map(str, range(1, WORSE + 1)))
FIRED_BY = called("test", TESTS)
