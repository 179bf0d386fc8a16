"""Plans of two entries of one person."""

from academy.person_rows import ACTED

# whoever handed a plan in is told what becomes of it
MOVES = ("plans.AnnualPlan.submitted_by",)
STAYS = {
    "plans.PlanStep.by": ACTED,
    "plans.PlanVersion.filed_by": ACTED,
    "plans.OverlapAnswer.by": ACTED,
    "plans.Project.updated_by": ACTED,
    "plans.ClassFiling.by": ACTED,
    "plans.ClassCost.by": ACTED,
    "plans.Chase.by": ACTED,
    "plans.LectureFeeList.made_out_by": ACTED,
    "plans.LectureFeeList.checked_by": ACTED,
    "plans.LectureFeeList.approved_by": ACTED,
    "plans.LectureFeeRow.typed_by": ACTED,
    "plans.LectureFeeRow.received_noted_by": ACTED,
    "plans.LectureFeeStep.by": ACTED,
    "plans.ItemConsent.recorded_by": ACTED,
    "plans.PaperTemplate.by": ACTED,
}
