"""Forms: questions in order, with going back, skipping, and conditions on earlier answers."""

from bot.engine.definition import Form, FormQuestion
from bot.engine.events import FieldChanged, SubmissionCompleted
from bot.engine.questions import ask, form_question_of
from bot.engine.turn import FlowFault, Stage


def begin(stage: Stage) -> bool:
    """Ask the first open question. False when there is none, and the form is complete at once."""
    return _ask_from(stage, 0)


def keep(stage: Stage, value: str | None) -> bool:
    """Keep the answer of the waiting question (None: skipped) and ask the next. False when the form is complete."""
    form, asked = _form(stage), form_question_of(stage, stage.frame)
    if value is not None:
        stage.frame.results[asked.question.save_as] = value
        if asked.field:
            stage.state(FieldChanged(asked.field, value))
    else:
        stage.frame.results.pop(asked.question.save_as, None)
    stage.frame.misses = 0
    return _ask_from(stage, form.questions.index(asked) + 1)


def back(stage: Stage) -> bool:
    """Ask the question before the waiting one again. False when the waiting one is the first."""
    form, asked = _form(stage), form_question_of(stage, stage.frame)
    for earlier in reversed(form.questions[: form.questions.index(asked)]):
        if _applies(stage, earlier):
            stage.frame.results.pop(earlier.question.save_as, None)
            _stand_at(stage, earlier)
            return True
    return False


def complete(stage: Stage) -> None:
    """State the submission: only answers of questions that applied."""
    form = _form(stage)
    saved = {question.question.save_as for question in form.questions if _applies(stage, question)}
    answers = {name: value for name, value in stage.frame.results.items() if name in saved}
    stage.state(SubmissionCompleted(form.name, form.version, answers))


def _ask_from(stage: Stage, index: int) -> bool:
    for question in _form(stage).questions[index:]:
        if _applies(stage, question) and not _known(stage, question):
            _stand_at(stage, question)
            return True
    return False


def _stand_at(stage: Stage, question: FormQuestion) -> None:
    stage.frame.at = question.name
    ask(stage, question.question, question.say)


def _applies(stage: Stage, question: FormQuestion) -> bool:
    return question.condition is None or question.condition.holds(stage.raw)


def _known(stage: Stage, question: FormQuestion) -> bool:
    """Known already, on this run or from before: not asked again, but counted as this form's answer."""
    name = question.question.save_as
    if not question.question.skip_known:
        return False
    value = stage.frame.results.get(name) or stage.contact.fields.get(question.field or name)
    if value is None:
        return False
    stage.frame.results[name] = value
    if question.field and stage.contact.fields.get(question.field) != value:
        stage.state(FieldChanged(question.field, value))
    return True


def _form(stage: Stage) -> Form:
    form = stage.flows.forms.get(stage.frame.name)
    if form is None:
        raise FlowFault("unknown_form")
    return form
