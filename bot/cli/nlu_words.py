"""What `dellusi nlu review` and `dellusi nlu export` say: French first."""

from collections.abc import Mapping

from bot.content.messages import LANGUAGES
from bot.settings import preferred_language

WORDS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "nothing": "Rien à revoir.",
        "summary": "{texts} texte(s) non compris, {groups} groupe(s). Noms, numéros et lieux sont des remplaçants (Samba, 0000, adresse).",
        "more": "Encore {count} groupe(s) : --limit {limit} les montre.",
        "group": "{number}. {count} texte(s), {language}, dernier le {day}. Le modèle hésite : {guesses}",
        "no_guess": "aucune idée",
        "keys": "o = hors sujet, i = autre intention, u = un par un, x = supprimer, s = passer, q = finir",
        "ask": "Que veut dire ce groupe ?",
        "which": "Nom de l'intention",
        "unknown_key": "« {key} » n'est pas dans la liste.",
        "unknown_intent": "« {intent} » n'est pas une intention.",
        "hint": "Vouliez-vous dire « {hint} » ?",
        "bad_label": "« {label} » : écrivez ID=intention, par exemple 3f2a81c0=find_offer.",
        "unknown_id": "Aucun texte à étiqueter ne commence par « {id} ».",
        "ambiguous_id": "Plusieurs textes commencent par « {id} » : écrivez plus de signes.",
        "labelled": "{count} texte(s) étiqueté(s) : {intent}.",
        "deleted": "{count} texte(s) supprimé(s).",
        "nothing_to_export": "Aucun texte étiqueté n'attend.",
        "would_write": "Serait écrit dans {file} :",
        "written": "{file} : {count} phrase(s) de plus. Ensuite : dellusi nlu check, puis dellusi nlu train.",
        "known": "{count} texte(s) déjà dans les phrases d'entraînement.",
        "refused": "Refusé {id} ({label}) : {why}",
        "why_development": "la même phrase sert à mesurer ({where}). Supprimez ce texte : dellusi nlu review --label {id}=delete",
        "why_contradiction": "les mêmes mots ont une autre intention ({where}).",
        "why_language": "pas de dossier pour la langue « {where} ».",
        "cannot_write": "Le dossier {folder} ne peut pas être écrit ({reason}).",
        "not_written": "Rien n'est écrit sans --write.",
        "own_commands": "Ici, sur la base de données :\n"
        "  review      revoir et étiqueter ce qui n'a pas été compris\n"
        "  export      faire des phrases d'entraînement de ce qui est étiqueté\n",
    },
    "en": {
        "nothing": "Nothing to review.",
        "summary": "{texts} text(s) not understood, {groups} group(s). Names, numbers and places are stand-ins (Samba, 0000, adresse).",
        "more": "{count} more group(s): --limit {limit} shows them.",
        "group": "{number}. {count} text(s), {language}, newest {day}. The model wavers: {guesses}",
        "no_guess": "no idea",
        "keys": "o = out of scope, i = another intent, u = one by one, x = delete, s = skip, q = finish",
        "ask": "What does this group mean?",
        "which": "Name of the intent",
        "unknown_key": "“{key}” is not in the list.",
        "unknown_intent": "“{intent}” is no intent.",
        "hint": "Did you mean “{hint}”?",
        "bad_label": "“{label}”: write ID=intent, for instance 3f2a81c0=find_offer.",
        "unknown_id": "No text that can be labelled begins with “{id}”.",
        "ambiguous_id": "Several texts begin with “{id}”: write more of it.",
        "labelled": "{count} text(s) labelled: {intent}.",
        "deleted": "{count} text(s) deleted.",
        "nothing_to_export": "No labelled text is waiting.",
        "would_write": "Would be written to {file}:",
        "written": "{file}: {count} more sentence(s). Next: dellusi nlu check, then dellusi nlu train.",
        "known": "{count} text(s) are among the training sentences already.",
        "refused": "Refused {id} ({label}): {why}",
        "why_development": "the same sentence is there to measure with ({where}). Delete this text: dellusi nlu review --label {id}=delete",
        "why_contradiction": "the same words have another intent ({where}).",
        "why_language": "there is no folder for the language “{where}”.",
        "cannot_write": "The folder {folder} cannot be written to ({reason}).",
        "not_written": "Nothing is written without --write.",
        "own_commands": "Here, on the database:\n"
        "  review      look at what was not understood, and label it\n"
        "  export      make training sentences of what has a label\n",
    },
}


def say(code: str, language: str | None = None, /, **values: object) -> str:
    """The sentence of a code. Raises `KeyError` for a code that has none."""
    return WORDS[language or preferred_language(LANGUAGES)][code].format(**values)
