"""The fixed texts of a diploma supplement: what it is for, and the national system (section 8)."""

from typing import Final

# As the model of 2018 asks; only the list of sections is put in our words.
PREAMBLE: Final = (
    (
        "This diploma supplement follows the model developed by the European Commission, the "
        "Council of Europe and UNESCO. Its purpose is to provide sufficient independent data to "
        "improve the international transparency and fair academic and professional recognition of "
        "qualifications (diplomas, degrees, certificates and so on)."
    ),
    (
        "It describes the nature, level, context, content and status of the studies that were "
        "pursued and successfully completed by the individual named on the qualification to which "
        "it belongs. It is free from value judgements, equivalence statements and suggestions "
        "about recognition. Information is given in all eight sections; where there is none, the "
        "reason is given."
    ),
)
# Levels of the FHEQ in the frameworks of Europe (QAA, The Frameworks for Higher Education
# Qualifications of UK Degree-Awarding Bodies, part A).
CYCLES: Final = {
    4: "EQF level 5; within the short cycle of the QF-EHEA",
    5: "EQF level 5; short cycle of the QF-EHEA",
    6: "EQF level 6; first cycle of the QF-EHEA",
    7: "EQF level 7; second cycle of the QF-EHEA",
    8: "EQF level 8; third cycle of the QF-EHEA",
}
SYSTEM: Final = (
    (
        "Higher education in the United Kingdom is provided by universities and other "
        "institutions. Only those with degree awarding powers, given by royal charter, act of "
        "parliament or order, award degrees; they are responsible for the standards of their "
        "awards. In England the Office for Students keeps the register of providers, and the "
        "Quality Assurance Agency (QAA) publishes the frameworks and the Quality Code that awards "
        "are measured against."
    ),
    (
        "In England, Wales and Northern Ireland awards stand at levels 4 to 8 of the Framework "
        "for Higher Education Qualifications (FHEQ); Scotland has a framework of its own. Credit "
        "states the amount of learning at a level: one credit stands for ten notional hours, and "
        "two UK credits are taken as one ECTS credit."
    ),
)
# Level, typical qualifications, cycle, typical credits in all (of these at the level): QAA, Higher
# Education Credit Framework for England.
LEVELS: Final = (
    ("8", "Doctoral degrees", "Third", "not usually stated"),
    ("7", "Master's degrees", "Second", "180 (150)"),
    ("7", "Postgraduate diplomas", "Second, part", "120 (90)"),
    ("7", "Postgraduate certificates", "Second, part", "60 (40)"),
    ("6", "Bachelor's degrees with honours", "First", "360 (90)"),
    ("5", "Foundation degrees, HNDs", "Short", "240 (90)"),
    ("4", "Certificates of higher education", "Short, part", "120 (90)"),
)
