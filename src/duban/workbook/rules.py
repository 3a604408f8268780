"""The rules of findings on a sheet and its cells: stable numbers that help pages and trained eyes refer to."""

MISSING = "S01"
UNREADABLE_AMOUNT = "S02"
UNREADABLE_DAY = "S03"
UNKNOWN_CHOICE = "S04"
UNREADABLE_USCC = "S05"
UNREADABLE_COUNT = "S06"
LOST_DIGITS = "S07"
DOUBTFUL = "S08"
LOST_VALUE = "S09"
UNKNOWN_HEADING = "S10"
REPEATED_HEADING = "S11"
NO_UNIT = "S12"
SUM_ROW = "S13"
REMARK_ROW = "S14"
ANOTHER_VERSION = "S15"
WRONG_SUM = "S16"
CONTINUED = "S17"
HIDDEN = "S18"
MERGED_AMOUNT = "S19"
SCALED_FORMAT = "S20"
UNREADABLE_NUMBER = "S21"
UNREADABLE_MONTH = "S22"
UNREADABLE_REGION = "S23"
UNREADABLE_PHONE = "S24"
UNREADABLE_TRUTH = "S25"

WHEN = {
    MISSING: ("error", "A cell that every row needs is blank"),
    UNREADABLE_AMOUNT: ("error", "An amount of money cannot be read"),
    UNREADABLE_DAY: ("error", "A day cannot be read, does not exist, may be two days, or is before 1949 or after 2100"),
    UNKNOWN_CHOICE: ("error", "A cell holds none of the names of its list"),
    UNREADABLE_USCC: ("error", "A unified social credit code fails its check"),
    UNREADABLE_COUNT: ("error", "A whole number cannot be read"),
    LOST_DIGITS: ("error", "A long number was typed as a number, so its last digits are lost"),
    DOUBTFUL: ("warning", "A value was read with a doubt, and the sentence says which"),
    LOST_VALUE: ("error", "A cell holds an Excel error such as `#REF!`, or a formula that was never calculated"),
    UNKNOWN_HEADING: ("warning", "A heading is not known, or a column has values and no heading"),
    REPEATED_HEADING: ("error", "A column stands twice; the first was read"),
    NO_UNIT: ("warning", "Nothing names the unit of the amounts"),
    SUM_ROW: ("warning", "A row of sums was set aside"),
    REMARK_ROW: ("warning", "A remark between or under the rows was set aside"),
    ANOTHER_VERSION: ("warning", "Another table has the same headings and mostly the same rows, and was not read"),
    WRONG_SUM: ("warning", "A row of sums states another sum than its rows add up to"),
    CONTINUED: ("warning", "A further table with the same columns was read as a continuation"),
    HIDDEN: ("warning", "Hidden rows or columns were read like the others"),
    MERGED_AMOUNT: ("warning", "An amount is merged over several rows and was taken for the first of them"),
    SCALED_FORMAT: ("warning", "A number format shows other sizes than the cells hold"),
    UNREADABLE_NUMBER: ("error", "A number or a percentage cannot be read"),
    UNREADABLE_MONTH: ("error", "A month cannot be read"),
    UNREADABLE_REGION: ("error", "A region code cannot be read"),
    UNREADABLE_PHONE: ("error", "A telephone number cannot be read"),
    UNREADABLE_TRUTH: ("error", "A cell that says yes or no holds something else"),
}
"""Severity and occasion of each rule, for the page that explains them."""
