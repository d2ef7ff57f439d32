// What the page says. French first; the service itself speaks for itself in the bubbles.
const WORDS = {
  fr: {
    other: "English", other_code: "en", page: "Dellusi · téléphones d’essai",
    title: "téléphones d’essai", add: "Ajouter un téléphone", phone: "Téléphone", trouble: "Pannes", phones: "Téléphones",
    provider_is: "Le fournisseur est", normal: "normal", slow: "lent (3 s)", down: "en panne", busy: "saturé (429)",
    reports: "Accusés de réception", shuffle: "en désordre et en double", read_receipts: "avec « lu » (WhatsApp)",
    time: "Heure du bac à sable", tomorrow: "Avancer de 25 h", today: "Revenir à maintenant", clear: "Tout effacer",
    state_normal: "Fournisseur normal", state_slow: "Fournisseur lent", state_down: "Fournisseur en panne", state_busy: "Fournisseur saturé",
    state_gone: "Bac à sable injoignable", state_other: "Pannes programmées", ahead: "en avance de {0} h",
    new_phone: "Nouveau téléphone", edit_phone: "Modifier le téléphone", who: "Qui tient ce téléphone ?",
    returnee: "Personne de retour", caseworker: "Partenaire", name: "Nom", number: "Numéro", channel: "Canal",
    hint_returnee: "+221… ; sur WhatsApp aussi un identifiant sans numéro, par exemple SN.awa1.",
    hint_caseworker: "Le numéro que le partenaire a dans l’annuaire : ses demandes arrivent alors ici.",
    bad_number: "Écrivez le numéro avec l’indicatif, par exemple +221770000001.",
    bad_hidden: "Sans numéro, il faut WhatsApp et la forme SN.lettres.", taken_number: "Ce téléphone est déjà sur la table.",
    cancel: "Annuler", save: "Enregistrer", repeat: "Répéter 10 fois le dernier message", edit: "Modifier ce téléphone",
    remove: "Enlever ce téléphone", voice: "Envoyer une note vocale", photo: "Envoyer une photo", place: "Envoyer ma position",
    sticker: "Envoyer un autocollant", empty: "Envoyer un texte vide", write: "Écrire un message", send: "Envoyer",
    phone_of: "Téléphone de {0}, {1}", thread_of: "Messages de {0}", start_returnee: "Écrivez comme vous parlez, en wolof ou en français.",
    start_caseworker: "Les demandes adressées à ce numéro arrivent ici.", chips: ["Bonjour", "Salaam aleekum", "Dama soxla ndimbal"],
    bill: "{0} SMS facturés", bill_one: "1 SMS facturé", parts: "{0} SMS", empty_text: "(texte vide)", place_title: "Position",
    not_taken: "Le service n’a pas pris ce message ({0} essais).", repeated: "Répété {0} fois : {1} prises en charge.",
    nothing_to_repeat: "Ce téléphone n’a encore rien envoyé.", failed: "Échec", operator: "réponse de l’opérateur",
    status_accepted: "accepté", status_queued: "en file", status_sent: "envoyé", status_delivered: "reçu", status_read: "lu",
    status_undelivered: "non remis", status_failed: "échec", taken: "pris par le service", refused: "pas pris par le service",
    file_document: "Document", file_contact: "Fiche contact", file_other: "Fichier", photo_alt: "Photo", sticker_alt: "Autocollant",
    choose: "Choisir", options: "Choix", sending: "en cours d’envoi",
    source: "Ce qui répond", published: "Publié", draft: "Brouillon", later: "Laisser passer un jour", anew: "Recommencer à zéro",
    start_draft: "Ce téléphone parle au brouillon : les fichiers du dossier flows, tels qu’ils sont maintenant. Rien n’est envoyé. Tapez /wait 3d, /state ou /test.",
    fault_one: "Le brouillon a une erreur. Corrigez-la et enregistrez : ce téléphone reprend tout seul.",
    faults: "Le brouillon a {0} erreurs. Corrigez-les et enregistrez : ce téléphone reprend tout seul.",
    draft_first: "Corrigez d’abord le brouillon : les erreurs sont écrites au-dessus.",
  },
  en: {
    other: "Français", other_code: "fr", page: "Dellusi · test phones",
    title: "test phones", add: "Add a phone", phone: "Phone", trouble: "Trouble", phones: "Phones",
    provider_is: "The provider is", normal: "fine", slow: "slow (3 s)", down: "down", busy: "busy (429)",
    reports: "Delivery reports", shuffle: "out of order and twice", read_receipts: "with “read” (WhatsApp)",
    time: "Time in the sandbox", tomorrow: "25 hours ahead", today: "Back to now", clear: "Clear everything",
    state_normal: "Provider is fine", state_slow: "Provider is slow", state_down: "Provider is down", state_busy: "Provider is busy",
    state_gone: "Sandbox not reachable", state_other: "Trouble is scripted", ahead: "{0} h ahead",
    new_phone: "New phone", edit_phone: "Change the phone", who: "Who holds this phone?",
    returnee: "Returnee", caseworker: "Partner", name: "Name", number: "Number", channel: "Channel",
    hint_returnee: "+221…; on WhatsApp also an id without a number, like SN.awa1.",
    hint_caseworker: "The number that the partner has in the directory: its requests then arrive here.",
    bad_number: "Write the number with its country code, like +221770000001.",
    bad_hidden: "Without a number it takes WhatsApp and the form SN.letters.", taken_number: "This phone is already on the table.",
    cancel: "Cancel", save: "Save", repeat: "Repeat the last message 10 times", edit: "Change this phone",
    remove: "Remove this phone", voice: "Send a voice note", photo: "Send a photo", place: "Send my position",
    sticker: "Send a sticker", empty: "Send an empty text", write: "Write a message", send: "Send",
    phone_of: "Phone of {0}, {1}", thread_of: "Messages of {0}", start_returnee: "Write as you speak, in Wolof or in French.",
    start_caseworker: "Requests to this number arrive here.", chips: ["Bonjour", "Salaam aleekum", "Dama soxla ndimbal"],
    bill: "{0} SMS billed", bill_one: "1 SMS billed", parts: "{0} SMS", empty_text: "(empty text)", place_title: "Position",
    not_taken: "The service did not take this message ({0} tries).", repeated: "Repeated {0} times: {1} taken.",
    nothing_to_repeat: "This phone has sent nothing yet.", failed: "Failed", operator: "the operator’s answer",
    status_accepted: "accepted", status_queued: "queued", status_sent: "sent", status_delivered: "delivered", status_read: "read",
    status_undelivered: "undelivered", status_failed: "failed", taken: "taken by the service", refused: "not taken by the service",
    file_document: "Document", file_contact: "Contact card", file_other: "File", photo_alt: "Photo", sticker_alt: "Sticker",
    choose: "Choose", options: "Options", sending: "being sent",
    source: "What answers", published: "Published", draft: "Draft", later: "Let a day pass", anew: "Begin from nothing",
    start_draft: "This phone talks to the draft: the files of the folder flows as they are now. Nothing is sent. Type /wait 3d, /state or /test.",
    fault_one: "The draft has one error. Correct it and save: this phone goes on by itself.",
    faults: "The draft has {0} errors. Correct them and save: this phone goes on by itself.",
    draft_first: "Correct the draft first: the errors are written above.",
  },
};

let language = "fr";

export function speak(code) {
  language = code in WORDS ? code : "fr";
  document.documentElement.lang = language;
  document.title = word("page");
  for (const element of document.querySelectorAll("[data-word], [data-label]")) name(element);
}

export function spoken() {
  return language;
}

export function word(key, ...values) {
  const text = WORDS[language][key] ?? key;
  return values.reduce((said, value, index) => said.replace(`{${index}}`, value), text);
}

// Fill what a piece of the page says or is called.
export function name(element) {
  if (element.dataset.word) element.textContent = word(element.dataset.word);
  if (element.dataset.label) {
    element.setAttribute("aria-label", word(element.dataset.label));
    if (element.tagName === "BUTTON") element.title = word(element.dataset.label);
    if (element.tagName === "TEXTAREA") element.placeholder = word(element.dataset.label);
  }
}
