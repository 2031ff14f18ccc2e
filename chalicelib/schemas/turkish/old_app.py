"""What Takip says to the old mobile app, in Turkish. That app shows people the details of errors as they come."""

OLD_APP = {
    # ids that are numbers
    "Another record has this number": "Bu numara başka bir kayıtta kullanılıyor",
    "Nothing here has this number": "Burada bu numaralı bir kayıt yok",
    "Nothing here has the number {number}; read the list again.": (
        "Burada {number} numaralı kayıt yok; listeyi yeniden açın."
    ),
    "must be from {least} to {most}": "{least} ile {most} arasında olmalı",
    "stands for several records; give each its own number": "birden çok kayıtta var; her kayda ayrı bir numara verin",
    "{kind} {number} cannot be {id}: {stored_number} is {stored_id} already. "
    "Import into a tenant of its own, or leave this one out.": (
        "{kind} {number}, {id} olamaz: {stored_number} zaten {stored_id}. "
        "Ayrı bir şirkete aktarın ya da bunu dışarıda bırakın."
    ),
}
